namespace Ensemble;

/// <summary>The kinds of sensitive data that a text may hold.</summary>
[Flags]
public enum SensitiveData
{
    /// <summary>Nothing was found.</summary>
    None = 0,

    /// <summary>An e-mail address.</summary>
    Email = 1,

    /// <summary>A telephone number.</summary>
    Phone = 2,

    /// <summary>The number of a payment card, with a valid Luhn digit.</summary>
    PaymentCard = 4,

    /// <summary>An international bank account number, with valid check digits.</summary>
    Iban = 8,

    /// <summary>A Korean resident registration number.</summary>
    KoreanResidentNumber = 16,

    /// <summary>A key, a token or a private key in a well-known format.</summary>
    Secret = 32,

    /// <summary>Found by a detector of the application's own.</summary>
    Custom = 64,

    /// <summary>What cannot be read for sensitive data: images, audio, documents that are not text, files and addresses of content that lies elsewhere.</summary>
    Unreadable = 128,

    /// <summary>Every kind, and what cannot be read.</summary>
    All = Email | Phone | PaymentCard | Iban | KoreanResidentNumber | Secret | Custom | Unreadable,
}
