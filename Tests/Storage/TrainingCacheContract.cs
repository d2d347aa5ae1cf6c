using Shouldly;
using TicketAspire.Storage;
using Xunit;

namespace TicketAspire.Tests.Storage;

public abstract class TrainingCacheContract(IStoreSite site) : StoreContract(site)
{
    [Fact]
    public async Task What_is_kept_comes_back_byte_for_byte_under_its_key_and_classifier()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");
        var content = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31)).ToArray();

        await Stores.Cache.SaveAsync("tickets", "key", content, Cancellation);

        (await Others.Cache.FindAsync("tickets", "key", Cancellation)).ShouldBe(content);
        (await Others.Cache.FindAsync("tickets", "other", Cancellation)).ShouldBeNull();
        (await Others.Cache.FindAsync("intents", "key", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task The_newest_entries_of_each_classifier_are_kept()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");
        await Stores.Cache.SaveAsync("intents", "a", new byte[] { 1 }, Cancellation);
        foreach (var key in new[] { "a", "b", "a", "c" })
        {
            await Stores.Cache.SaveAsync("tickets", key, new byte[] { (byte)key[0] }, Cancellation);
        }

        ITrainingCache.Kept.ShouldBe(2);
        (await Others.Cache.FindAsync("tickets", "a", Cancellation)).ShouldBe([(byte)'a']);
        (await Others.Cache.FindAsync("tickets", "b", Cancellation)).ShouldBeNull();
        (await Others.Cache.FindAsync("tickets", "c", Cancellation)).ShouldBe([(byte)'c']);
        (await Others.Cache.FindAsync("intents", "a", Cancellation)).ShouldBe([1]);
    }

    [Fact]
    public async Task Nothing_is_kept_for_no_classifier() =>
        await Should.ThrowAsync<KeyNotFoundException>(() => Stores.Cache.SaveAsync("nobody", "key", new byte[] { 1 }, Cancellation));
}
