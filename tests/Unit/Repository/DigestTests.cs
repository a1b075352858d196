using System.Security.Cryptography;
using System.Text;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class DigestTests
{
    // FIPS 180-2, appendix B.1
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void A_digest_is_the_sha_256_in_lower_case()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("ab"u8);
        hash.AppendData("c"u8);
        Assert.Equal(OfAbc, Sha256Digest.Of("abc"u8).ToString());
        Assert.Equal(Sha256Digest.Parse(OfAbc), Sha256Digest.Of(hash));
    }

    [Fact]
    public void An_identity_is_the_digest_of_the_manifests_bytes()
    {
        var identity = Identity.OfManifest(Encoding.ASCII.GetBytes("abc"));
        Assert.Equal("sha256:" + OfAbc, identity.ToString());
        Assert.Equal(identity, Identity.Parse(identity.ToString()));
        Assert.NotEqual(identity, Identity.OfManifest("abd"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ba7816bf")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a\0")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a١")]
    [InlineData("../../../../../../../../../../../../../../../../../../../../../etc")]
    public void Anything_but_64_lower_case_hexadecimal_digits_is_no_digest(string text)
    {
        Assert.False(Sha256Digest.TryParse(text, null, out _));
        Assert.False(Identity.TryParse("sha256:" + text, null, out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(OfAbc)]
    [InlineData("SHA256:" + OfAbc)]
    [InlineData("sha512:" + OfAbc)]
    [InlineData("sha256: " + OfAbc)]
    [InlineData(" sha256:" + OfAbc)]
    public void An_identity_begins_with_its_algorithm(string? text) => Assert.False(Identity.TryParse(text, null, out _));

    [Fact]
    public void Refusals_say_what_is_expected()
    {
        Assert.Equal("'x' is not a SHA-256 digest (64 lower-case hexadecimal digits).", Assert.Throws<FormatException>(() => Sha256Digest.Parse("x")).Message);
        Assert.Equal("'x' is not an identity (sha256: and 64 hexadecimal digits).", Assert.Throws<FormatException>(() => Identity.Parse("x")).Message);
    }
}
