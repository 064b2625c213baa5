using System.ClientModel.Primitives;

namespace Ensemble;

/// <summary>One attempt in the SDK's words; it knows its record, so that nothing has to be looked up beneath the SDK.</summary>
internal sealed class GuardedMessage : PipelineMessage, IAnswerTaker
{
    public GuardedMessage(AttemptRecord record, string userAgent)
        : this(record, new GuardedRequest(userAgent))
    {
    }

    private GuardedMessage(AttemptRecord record, GuardedRequest request)
        : base(request)
    {
        Record = record;
        Outgoing = request;
    }

    public AttemptRecord Record { get; }

    public GuardedRequest Outgoing { get; }

    public void Take(HttpResponseMessage response, byte[] whole) => Response = new GuardedResponse(response, new BinaryData(whole));

    public void Take(HttpResponseMessage response, GuardedStream stream)
    {
        bool taken = Record.EventTaker is not null;
        Record.Taken = taken ? stream : null;
        Response = new GuardedResponse(response, taken ? Stream.Null : stream) { IsTaken = taken };
    }
}
