using Shouldly;
using TicketAspire.Contracts;
using Xunit;

namespace TicketAspire.Tests.Storage;

public abstract class ClassifierStoreContract(IStoreSite site) : StoreContract(site)
{
    [Fact]
    public async Task There_are_none_at_first()
    {
        (await Stores.Classifiers.ListAsync(Cancellation)).ShouldBeEmpty();
        (await Stores.Classifiers.FindAsync("tickets", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_new_classifier_has_its_data_sets_labels_sorted_and_nothing_else()
    {
        var dataset = await SaveDatasetAsync("network", "access", "Zoo", "access");

        (await Stores.Classifiers.PutAsync("intents", LabelKind.Intent, dataset.Hash, Cancellation)).ShouldBeTrue();

        var classifier = (await Others.Classifiers.FindAsync("intents", Cancellation))!;
        classifier.Name.ShouldBe("intents");
        classifier.Label.ShouldBe(LabelKind.Intent);
        classifier.Dataset.ShouldBe(dataset.Hash);
        classifier.Labels.ShouldBe(["Zoo", "access", "network"]);
        classifier.Champion.ShouldBeNull();
        classifier.FeedbackSeen.ShouldBe(0);
        classifier.Settings.ShouldBe(new ClassifierSettings());
        classifier.CreatedAt.ShouldBe(Time.GetUtcNow());
    }

    [Fact]
    public async Task An_existing_classifier_gets_the_data_set_and_keeps_everything_else()
    {
        await CreateClassifierAsync();
        var settings = new ClassifierSettings { RetrainAfter = 3 };
        await Stores.Classifiers.SetAsync("tickets", settings, Cancellation);
        await TrainAsync(promote: true, mark: 7);
        var created = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromDays(1));
        var other = await SaveDatasetAsync("network");

        (await Others.Classifiers.PutAsync("tickets", LabelKind.Intent, other.Hash, Cancellation)).ShouldBeFalse();

        var classifier = (await Stores.Classifiers.FindAsync("tickets", Cancellation))!;
        classifier.Dataset.ShouldBe(other.Hash);
        classifier.Labels.ShouldBe(["network"]);
        classifier.Label.ShouldBe(LabelKind.Category);
        classifier.Settings.ShouldBe(settings);
        classifier.Champion.ShouldBe(1);
        classifier.FeedbackSeen.ShouldBe(7);
        classifier.CreatedAt.ShouldBe(created);
        (await Stores.Models.ListAsync("tickets", Cancellation)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_list_is_by_name()
    {
        foreach (var name in new[] { "tickets", "intents", "priority" })
        {
            await CreateClassifierAsync(name);
        }

        (await Stores.Classifiers.ListAsync(Cancellation)).Select(classifier => classifier.Name)
            .ShouldBe(["intents", "priority", "tickets"]);
    }

    [Fact]
    public async Task A_data_set_that_does_not_exist_is_refused_and_nothing_is_created()
    {
        await Should.ThrowAsync<KeyNotFoundException>(
            () => Stores.Classifiers.PutAsync("tickets", LabelKind.Category, "no such hash", Cancellation));

        (await Stores.Classifiers.ListAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settings_are_replaced_as_a_whole()
    {
        await CreateClassifierAsync();
        await Stores.Classifiers.SetAsync(
            "tickets", new ClassifierSettings { AllowNewLabels = true, Threshold = 0.5 }, Cancellation);

        var settings = new ClassifierSettings { TargetPrecision = 0.99 };
        (await Stores.Classifiers.SetAsync("tickets", settings, Cancellation)).ShouldBeTrue();

        (await Others.Classifiers.FindAsync("tickets", Cancellation))!.Settings.ShouldBe(settings);
    }

    [Fact]
    public async Task Settings_of_no_classifier_are_refused_without_an_event()
    {
        var events = await EventsOfAsync(async () =>
            (await Stores.Classifiers.SetAsync("nobody", new ClassifierSettings(), Cancellation)).ShouldBeFalse());

        events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Creating_changing_the_data_set_and_changing_settings_are_heard_of()
    {
        var events = await EventsOfAsync(async () =>
        {
            await CreateClassifierAsync();
            await CreateClassifierAsync();
            await Stores.Classifiers.SetAsync("tickets", new ClassifierSettings { RetrainAfter = 1 }, Cancellation);
        });

        events.Count.ShouldBe(3);
        events.ShouldAllBe(change =>
            change.Type == EventTypes.Classifier && change.Classifier == "tickets" && change.At == Time.GetUtcNow());
    }

    [Fact]
    public async Task Of_many_who_create_the_same_classifier_at_once_one_has_created_it()
    {
        var dataset = await SaveDatasetAsync("access");

        var created = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Stores : Others).Classifiers.PutAsync("tickets", LabelKind.Category, dataset.Hash, Cancellation))));

        created.Count(yes => yes).ShouldBe(1);
    }

    [Fact]
    public async Task A_challenger_is_a_version_that_does_not_serve_and_none_once_it_does()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true);
        await TrainAsync(promote: false);

        (await Stores.Classifiers.SetChallengerAsync("tickets", 1, Cancellation)).ShouldBeFalse();
        (await Stores.Classifiers.SetChallengerAsync("tickets", 3, Cancellation)).ShouldBeFalse();
        (await Stores.Classifiers.SetChallengerAsync("nobody", null, Cancellation)).ShouldBeFalse();
        var events = await EventsOfAsync(async () => (await Stores.Classifiers.SetChallengerAsync("tickets", 2, Cancellation)).ShouldBeTrue());
        events.Single().Type.ShouldBe(EventTypes.Classifier);
        (await Others.Classifiers.FindAsync("tickets", Cancellation))!.Challenger.ShouldBe(2);

        await Others.Models.PromoteAsync("tickets", 2, "the lead", Cancellation);

        (await Others.Classifiers.FindAsync("tickets", Cancellation))!.Challenger.ShouldBeNull();
    }
}
