namespace Ensemble.Providers.Tests;

/// <summary>The eighteen ways in which an upstream fails, as today's gateways and SDKs were measured with.</summary>
internal enum FailureRow
{
    DiesAfterTenPieces = 1,
    EndsAfterTenPiecesWithoutFinish,
    ErrorEventFirst,
    ErrorEventAfterFivePieces,
    ErrorBodyWithStatus200,
    EmptyCompletion,
    NoChoices,
    RateLimited,
    HangsBeforeTheFirstByte,
    HangsInMidStream,
    HangsInMidJson,
    MalformedPiece,
    MalformedBody,
    PromptTooLong,
    CallerLeavesWhole,
    CallerLeavesStream,
    RoleOnlyThenDies,
    HtmlWithStatus200,
}
