using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Ensemble;

/// <summary>One ensemble as a Kernel wants it: with its functions invoked, and receipts where the Kernel can see them.</summary>
internal sealed class KernelChat
{
    public KernelChat(IChatClient ensemble, IServiceProvider services)
    {
        // Receipts inside, function invocation outside: so the message of every turn keeps its own receipt.
        Client = new ChatClientBuilder(new MessageReceiptChatClient(ensemble))
            .UseKernelFunctionInvocation(services.GetService(typeof(ILoggerFactory)) as ILoggerFactory)
            .Build(services);
        Service = Client.AsChatCompletionService(services);
    }

    public IChatClient Client { get; }

    public IChatCompletionService Service { get; }
}
