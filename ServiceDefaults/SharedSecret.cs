using System.Security.Cryptography;
using System.Text;

namespace ModelPlatform.ServiceDefaults;

/// <summary>A secret that callers show. Digests are of one length: neither time nor length says how much of a guess was right.</summary>
public sealed class SharedSecret(string secret)
{
    private readonly byte[] _digest = Digest(secret);

    public bool Is(string shown) => CryptographicOperations.FixedTimeEquals(Digest(shown), _digest);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
