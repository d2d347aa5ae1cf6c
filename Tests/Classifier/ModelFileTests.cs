using System.Buffers.Binary;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using TicketAspire.Classifier;
using Xunit;

namespace TicketAspire.Tests.Classifier;

/// <summary>Models as bytes: what is not whole is refused.</summary>
public sealed class ModelFileTests(SampleModel sample) : IClassFixture<SampleModel>
{
    private const int VersionAt = 8;
    private const int ContentAt = 12;

    private readonly byte[] _file = ModelFile.Write(sample.Model);

    [Fact]
    public void A_model_that_was_written_and_read_gives_the_same_answers_and_bytes()
    {
        var read = ModelFile.Read(_file);

        read.Labels.ShouldBe(sample.Model.Labels);
        foreach (var ticket in SampleTickets.All.Concat(SampleTickets.Unseen))
        {
            read.Score(ticket.Text).ShouldBe(sample.Model.Score(ticket.Text));
            read.Explain(ticket.Text, 2).Words.ShouldBe(sample.Model.Explain(ticket.Text, 2).Words);
        }

        ModelFile.Write(read).ShouldBe(_file);
    }

    [Fact]
    public void Labels_of_any_script_come_back()
    {
        string[] labels = ["", "Accès & Passwörter", "打印机", "😀", new string('x', 1000)];
        var model = new TextClassifier(labels, [1, 2, 3, 4, 5], []);

        var read = ModelFile.Read(ModelFile.Write(model));

        read.Labels.ShouldBe(labels);
        read.Predict("anything").Label.ShouldBe(labels[4]);
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_a_small_file_is_noticed()
    {
        var file = ModelFile.Write(SampleModel.ByHand([0, 0], ("good", -1, 1), ("bad", 1, -1)));
        ModelFile.Read(file).Labels.Count.ShouldBe(2);

        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            var damaged = file.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            ShouldBeRefused(damaged);
        }
    }

    [Fact]
    public void Changed_bytes_anywhere_in_a_model_are_noticed()
    {
        var change = Gen.Choose(0, _file.Length - 1).SelectMany(_ => Gen.Choose(1, 255), (at, change) => (At: at, Change: (byte)change));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(change.ToArbitrary(), changed =>
        {
            var damaged = _file.ToArray();
            damaged[changed.At] ^= changed.Change;
            ShouldBeRefused(damaged);
        }));
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_or_longer_is_refused()
    {
        var file = ModelFile.Write(SampleModel.ByHand([0, 0], ("good", -1, 1), ("bad", 1, -1)));

        for (var length = 0; length < file.Length; length++)
        {
            ShouldBeRefused(file[..length]);
            ShouldBeRefused(file[(file.Length - length)..]);
        }

        ShouldBeRefused([.. file, 0]);
        ShouldBeRefused([.. file, .. file]);
    }

    [Fact]
    public void A_file_of_another_kind_is_refused_even_if_its_checksum_is_right()
    {
        var other = _file.ToArray();
        other[0] = (byte)'X';

        ShouldBeRefused(Sealed(other)).ShouldBe("This is not a model file.");
        ShouldBeRefused([]);
        ShouldBeRefused("{\"model\":\"no\", \"padding\":\"012345678901234567890123456789\"}"u8.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ModelFile.FormatVersion + 1)]
    [InlineData(int.MinValue)]
    public void A_file_of_another_format_version_is_refused_by_its_name(int version)
    {
        var other = _file.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(other.AsSpan(VersionAt), version);

        ShouldBeRefused(Sealed(other)).ShouldContain($"format {version};");
    }

    [Fact]
    public void Content_that_makes_no_sense_is_refused_even_if_its_checksum_is_right()
    {
        var file = ModelFile.Write(SampleModel.ByHand([0, 0], ("good", -1, 1), ("bad", 1, -1)));
        var end = file.Length - SHA256.HashSizeInBytes;

        for (var cut = ContentAt; cut < end; cut++)
        {
            ShouldBeRefused(Sealed([.. file[..cut], .. new byte[SHA256.HashSizeInBytes]]));
        }

        ShouldBeRefused(Sealed([.. file[..end], 0, .. new byte[SHA256.HashSizeInBytes]]));
        foreach (var count in new[] { -1, 0, 3, 100_001, int.MaxValue, int.MinValue })
        {
            var labels = file.ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(labels.AsSpan(ContentAt), count);
            ShouldBeRefused(Sealed(labels));
        }
    }

    [Fact]
    public void Any_content_with_a_right_checksum_is_refused_or_is_a_model_that_answers() =>
        ShouldBearForgery(ModelFile.Write(SampleModel.ByHand([0, 0], ("good", -1, 1), ("bad", 1, -1))), tests: 2000);

    [Fact]
    public void The_same_goes_for_a_model_with_a_network() =>
        ShouldBearForgery(
            ModelFile.Write(Trainer.Train([new("good", "a"), new("bad", "b")], new TrainingSettings(), cancellation: TestContext.Current.CancellationToken).Model),
            tests: 500);

    // Where the parts' sizes stand, at the beginning, or anywhere.
    private static void ShouldBearForgery(byte[] file, int tests)
    {
        var last = file.Length - SHA256.HashSizeInBytes - 1;
        var change = Gen.OneOf(Gen.Choose(ContentAt, Math.Min(last, 200)), Gen.Choose(ContentAt, last))
            .SelectMany(_ => Gen.Choose(1, 255), (at, change) => (At: at, Change: (byte)change));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests), Prop.ForAll(change.ToArbitrary(), changed =>
        {
            var forged = file.ToArray();
            forged[changed.At] ^= changed.Change;
            TextClassifier model;
            try
            {
                model = ModelFile.Read(Sealed(forged));
            }
            catch (InvalidDataException)
            {
                return;
            }

            model.Labels.ShouldContain(model.Predict("good or bad").Label);
            model.Explain("good or bad", 0).Words.Count.ShouldBe(3);
        }));
    }

    [Fact]
    public void Hidden_units_that_fill_no_row_are_refused()
    {
        // The number of hidden units stands behind the labels with their biases and the number of views.
        var file = ModelFile.Write(Trainer.Train([new("good", "a"), new("bad", "b")], new TrainingSettings(), cancellation: TestContext.Current.CancellationToken).Model);
        const int HiddenAt = ContentAt + 4 + (2 * (1 + 1 + 4)) + 4;
        BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(HiddenAt)).ShouldBe(64);

        foreach (var hidden in new[] { -2, 1, 63, 65, 1 << 17 })
        {
            var forged = file.ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(forged.AsSpan(HiddenAt), hidden);
            ShouldBeRefused(Sealed(forged));
        }
    }

    // The checksum made right again, as nothing but a program would.
    private static byte[] Sealed(byte[] file)
    {
        SHA256.HashData(file.AsSpan(0, file.Length - SHA256.HashSizeInBytes), file.AsSpan(file.Length - SHA256.HashSizeInBytes));
        return file;
    }

    private static string ShouldBeRefused(byte[] file)
    {
        var error = Record.Exception(() => ModelFile.Read(file));
        error.ShouldNotBeNull().ShouldBeOfType<InvalidDataException>();
        return error.Message;
    }
}
