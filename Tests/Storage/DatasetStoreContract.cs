using Shouldly;
using TicketAspire.Contracts;
using Xunit;

namespace TicketAspire.Tests.Storage;

public abstract class DatasetStoreContract(IStoreSite site) : StoreContract(site)
{
    private static readonly Example[] Examples =
    [
        new("VPN drops\nevery hour", "network"),
        new("He said \"reset\" my pass\\word\t\u0001", "access"),
        new("Drucker fällt aus 🖨️ — 打印机", "hardware"),
        new("VPN drops\nevery hour", "network"),
        new("", "access"),
    ];

    [Fact]
    public async Task Examples_come_back_as_they_were_and_in_their_order()
    {
        var dataset = await Stores.Datasets.SaveAsync(Examples, Cancellation);

        (await Others.Datasets.ReadAsync(dataset.Hash, Cancellation)).ShouldBe(Examples);
    }

    [Fact]
    public async Task What_is_known_of_a_data_set_is_counted_from_its_examples()
    {
        var dataset = await Stores.Datasets.SaveAsync(Examples, Cancellation);

        dataset.Hash.ShouldMatch("^[0-9a-f]{64}$");
        dataset.Examples.ShouldBe(5);
        dataset.Labels.ShouldBe(
            new Dictionary<string, int> { ["access"] = 2, ["hardware"] = 1, ["network"] = 2 }, ignoreOrder: true);
        dataset.CreatedAt.ShouldBe(Time.GetUtcNow());
        (await Others.Datasets.FindAsync(dataset.Hash, Cancellation))!.ShouldBeEquivalentTo(dataset);
    }

    [Fact]
    public async Task The_same_content_again_is_the_same_data_set_from_its_first_time()
    {
        var first = await Stores.Datasets.SaveAsync(Examples, Cancellation);
        Time.Advance(TimeSpan.FromHours(1));

        var second = await Others.Datasets.SaveAsync(Examples.ToList(), Cancellation);

        second.ShouldBeEquivalentTo(first);
    }

    [Fact]
    public async Task The_hash_is_of_the_content_alone_and_never_changes()
    {
        // Lineages hold hashes: another store, or a later version, must come to the same.
        var dataset = await Stores.Datasets.SaveAsync([new Example("é\"\n", "b"), new Example("<x>", "a")], Cancellation);

        var canonical = "[\"é\\\"\\n\",\"b\"]\n[\"<x>\",\"a\"]\n"u8;
        dataset.Hash.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(canonical)));
    }

    [Theory]
    [InlineData("ab", "c", "a", "bc")]
    [InlineData("a", "b", "b", "a")]
    [InlineData("a\",\"b", "c", "a", "b\",\"c")]
    public async Task Different_content_has_a_different_hash(string text, string label, string otherText, string otherLabel)
    {
        var one = await Stores.Datasets.SaveAsync([new Example(text, label)], Cancellation);
        var other = await Stores.Datasets.SaveAsync([new Example(otherText, otherLabel)], Cancellation);

        one.Hash.ShouldNotBe(other.Hash);
    }

    [Fact]
    public async Task Order_is_content()
    {
        var one = await Stores.Datasets.SaveAsync(Examples, Cancellation);
        var other = await Stores.Datasets.SaveAsync(Examples.Reverse().ToArray(), Cancellation);

        one.Hash.ShouldNotBe(other.Hash);
    }

    [Fact]
    public async Task An_empty_data_set_is_one_too()
    {
        var dataset = await Stores.Datasets.SaveAsync([], Cancellation);

        dataset.Examples.ShouldBe(0);
        (await Stores.Datasets.ReadAsync(dataset.Hash, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_large_data_set_comes_back_whole()
    {
        var examples = Enumerable.Range(0, 20_000)
            .Select(i => new Example($"ticket number {i} about something {i % 97}", $"label {i % 12}")).ToArray();

        var dataset = await Stores.Datasets.SaveAsync(examples, Cancellation);

        (await Others.Datasets.ReadAsync(dataset.Hash, Cancellation)).ShouldBe(examples);
    }

    [Fact]
    public async Task An_unknown_hash_is_found_nowhere()
    {
        (await Stores.Datasets.FindAsync("00ff", Cancellation)).ShouldBeNull();
        await Should.ThrowAsync<KeyNotFoundException>(() => Stores.Datasets.ReadAsync("00ff", Cancellation));
    }
}
