using System.Globalization;

namespace Ensemble.Benchmarks.Choosing;

/// <summary>Texts of a million characters for the scan: ordinary ones, and such as hold nothing but what nearly is something or is dear to read.</summary>
internal static class ScanTexts
{
    private const int Length = 1_000_000;

    // Ordinary first, then dense ones in which nothing is found, then the dearest that a search found, most of them of names and numbers that are valid.
    private static readonly Dictionary<string, Func<string>> Texts = new()
    {
        ["prose"] = () => Over("Most requests need less than the largest model. In 2024 a well-known service was said to cost $700,000 a day; a router that asks a small one first pays a third of it. "),
        ["korean"] = () => Over("대부분의 요청은 가장 큰 모델이 필요하지 않습니다. 2024년에 잘 알려진 서비스는 하루에 70만 달러가 든다고 했습니다. 작은 모델에 먼저 묻습니다. "),
        ["code"] = () => Over("    private static readonly int s_max_size = 4096; // see RFC-7230 section 3.2.6\n    if (user_id != 0 && items[i].Value >= 10) { return new_item.GetValue(\"key-name\"); }\n"),
        ["numbers"] = () => Over("2026-11-25,12.5,1048576,0.00031,17\n2026-11-26,13.25,2097152,0.00029,18\n"),
        ["json"] = () => Over("{\"id\":123,\"v\":[1,2.5,-3],\"k\":\"a_b\"},"),
        ["hex"] = () => Convert.ToHexStringLower(Bytes(Length / 2)),
        ["base64"] = () => Convert.ToBase64String(Bytes(Length * 3 / 4)),
        ["addresses"] = () => Over("192.168.10.254 "),
        ["uuids"] = () => Over("550e8400-e29b-41d4-a716-446655440000 6ba7b810-9dad-11d1-80b4-00c04fd430c8\n"),
        ["anchors"] = () => Over("ab-ab_abJab1ab@abSabzabK"),
        ["hyphens"] = () => Over("sk-"),
        ["groups"] = () => Over("12 "),
        ["cards"] = () => Over("4111 1111 1111 1112 "),
        ["fives"] = () => Over("5555 "),
        ["phones"] = () => Over("010-12-34 "),
        ["keys"] = () => Over("sk-a@b@c-eyJ_AKIA "),
        ["mix"] = () => Over("4111 1111 1111 1112 sk-a@b@c-eyJ_AKIA 010-12-34 "),
        ["mails"] = () => Over("a@b.c "),
        ["ibans"] = () => Over("DE12 3"),
        ["rows-comma"] = () => Rows(5, ','),
        ["rows-tab"] = () => Rows(4, '\t'),
        ["rows-blank"] = () => Rows(4, ' '),
        ["password="] = () => Over("password="),
        ["password=value"] = () => Over("password=abc123 "),
        ["secret."] = () => Over("secret."),
        ["services"] = () => Over("1588-1234 "),
        ["phones-valid"] = () => Over("010-1234-5678 "),
        ["mails-valid"] = () => Over("a@b.co "),
        ["cards-valid"] = () => Over("4111 1111 1111 1111 "),
        ["thirteen"] = () => Over("9001011234567 "),
        ["full-width"] = () => Over("０１０－１２３４ "),
    };

    /// <summary>Gets the names of the texts.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Texts.Keys];

    /// <summary>Makes a text.</summary>
    public static string Make(string name) => Texts[name]();

    private static string Over(string unit) => string.Concat(Enumerable.Repeat(unit, Length / unit.Length));

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(5).NextBytes(bytes);
        return bytes;
    }

    // Numbers of four digits, which a part of a card has, too.
    private static string Rows(int columns, char separator)
    {
        Random random = new(5);
        return string.Concat(Enumerable.Range(0, Length / (columns * 5)).Select(_ =>
            string.Join(separator, Enumerable.Range(0, columns).Select(_ => random.Next(1_000, 10_000).ToString(CultureInfo.InvariantCulture))) + "\n"));
    }
}
