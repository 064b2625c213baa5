using Ensemble.Onnx.Tests.Local.Sockets;

// The test host calls the tests; started as a program this assembly is the child process of the socket test.
return args is [var what] ? await SocketChild.RunAsync(what) : 2;
