using Ensemble;

namespace Specialists;

/// <summary>One small job: how people ask for it in each language, and how it is done, by example.</summary>
internal sealed record Specialist(string Name, string[] English, string[] Korean, (string User, string Assistant)[] Examples)
{
    /// <summary>The jobs of the sample; each can be done by copying or by one word, which is what a model of 135 million parameters is good for.</summary>
    public static readonly Specialist[] All =
    [
        new("order_number",
            [
                "Where is my order 77120?", "My parcel 20931 has not arrived.", "Has order 45067 left the warehouse?", "Order 11892 shows as delivered, but nothing came.",
                "When will 90418 be delivered?", "Please deliver order 33675 to the office.", "The courier lost package 58204.", "Tracking for order 62250 has not moved for days.",
            ],
            [
                "주문 77120은 어디에 있나요?", "소포 20931이 아직 안 왔어요.", "주문 45067이 창고에서 나갔나요?", "11892번 주문이 배송 완료라는데 받은 게 없어요.",
                "90418은 언제 배송되나요?", "주문 33675를 회사로 보내 주세요.", "택배사가 58204번 상자를 잃어버렸어요.", "주문 62250의 배송 조회가 며칠째 그대로예요.",
            ],
            [
                ("Where is my order 77120?", "77120"), ("My parcel 20931 has not arrived.", "20931"), ("주문 45067이 창고에서 나갔나요?", "45067"), ("Please deliver order 33675 to the office.", "33675"),
            ]),
        new("mail_address",
            [
                "My new e-mail is mia.berg@example.com.", "Please write to tom@example.org from now on.", "Change my address to jo.lee@example.net, I lost the old mailbox.", "Send the newsletter to sam@example.com instead.",
                "I signed up with a typo, it should be ana.ruiz@example.org.", "Use office@example.com for my account.", "My login mail is now kim@example.net.", "Replace my e-mail with li.wei@example.com.",
            ],
            [
                "새 이메일은 mia.berg@example.com이에요.", "이제부터 tom@example.org로 보내 주세요.", "옛 메일함을 잃어버렸으니 주소를 jo.lee@example.net으로 바꿔 주세요.", "소식지는 sam@example.com으로 보내 주세요.",
                "가입할 때 오타가 났어요. ana.ruiz@example.org가 맞아요.", "제 계정에는 office@example.com을 써 주세요.", "로그인 메일이 kim@example.net으로 바뀌었어요.", "이메일을 li.wei@example.com으로 교체해 주세요.",
            ],
            [
                ("My new e-mail is mia.berg@example.com.", "mia.berg@example.com"), ("Please write to tom@example.org from now on.", "tom@example.org"), ("로그인 메일이 kim@example.net으로 바뀌었어요.", "kim@example.net"), ("Use office@example.com for my account.", "office@example.com"),
            ]),
    ];

    /// <summary>Describes the member: the shipped model with the worked examples in front.</summary>
    public MemberOptions Member => new()
    {
        Model = "local",
        Name = Name,
        Examples = [.. Examples.Select(example => new ChatExample(example.User, example.Assistant))],
        Temperature = 0,
        MaxOutputTokens = 16,
    };

    /// <summary>Describes when it is asked.</summary>
    public SemanticRoute Route => new(Name, [.. English, .. Korean]);
}
