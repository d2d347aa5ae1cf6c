using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shouldly;
using TicketAspire.AppHost.Resources;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Aspire;

/// <summary>What the app host writes into a Vault that has just started. A stand-in takes it; it knows the three paths and no more of Vault.</summary>
public sealed class VaultFillingTests
{
    private const string Password = "a-password-of-redis";

    [Fact]
    public async Task Each_service_gets_its_secret_a_policy_and_a_token()
    {
        ConcurrentDictionary<string, (string? Token, JsonNode Body)> writes = [];
        await using var server = await StandInServer.StartAsync(app => app.MapPost("/{**path}", async (HttpRequest request) =>
            writes[request.Path] = (request.Headers["X-Vault-Token"], (await JsonNode.ParseAsync(request.Body))!)));
        var vault = Vault();
        var secret = vault.SecretOf("api");

        await VaultFilling.FillAsync(vault, new Uri(server.Urls.Single()), HttpCalls.Cancellation);

        writes.Count.ShouldBe(3);
        writes.Values.ShouldAllBe(write => write.Token == "root");
        writes["/v1/secret/data/ticketaspire/api"].Body["data"]!["ConnectionStrings__redis"]!.ToString().ShouldBe($"redis:6379,password={Password}");
        writes["/v1/sys/policies/acl/ticketaspire-api"].Body["policy"]!.ToString().ShouldBe("path \"secret/data/ticketaspire/api\" { capabilities = [\"read\"] }");
        var token = writes["/v1/auth/token/create"].Body;
        token["id"]!.ToString().ShouldBe(secret.Token);
        token["policies"]!.AsArray().Select(policy => policy!.ToString()).ShouldBe(["ticketaspire-api"]);
    }

    [Fact]
    public async Task What_Vault_refuses_just_after_its_start_is_written_again_and_a_token_that_is_there_is_taken_for_made()
    {
        ConcurrentDictionary<string, int> tries = [];
        await using var server = await StandInServer.StartAsync(app => app.MapPost("/{**path}", (HttpRequest request) =>
            tries.AddOrUpdate(request.Path, 1, (_, before) => before + 1) == 1 && request.Path != "/v1/auth/token/lookup"
                ? Results.StatusCode(request.Path == "/v1/sys/policies/acl/ticketaspire-api" ? 503 : 400)
                : Results.NoContent()));

        await VaultFilling.FillAsync(Vault(), new Uri(server.Urls.Single()), HttpCalls.Cancellation);

        tries["/v1/secret/data/ticketaspire/api"].ShouldBe(2);
        tries["/v1/sys/policies/acl/ticketaspire-api"].ShouldBe(2);
        (tries["/v1/auth/token/create"], tries["/v1/auth/token/lookup"]).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_refusal_says_what_was_refused_and_no_secret()
    {
        await using var server = await StandInServer.StartAsync(app => app.MapPost("/{**path}", () => Results.StatusCode(403)));

        var refusal = await Should.ThrowAsync<DistributedApplicationException>(
            VaultFilling.FillAsync(Vault(), new Uri(server.Urls.Single()), HttpCalls.Cancellation));

        refusal.ToString().ShouldContain("403");
        refusal.ToString().ShouldNotContain(Password);
    }

    private static VaultResource Vault()
    {
        var builder = DistributedApplication.CreateBuilder();
        var vault = new VaultResource("vault", builder.AddParameter("token", "root").Resource);
        vault.SecretOf("api").Values.Add(
            "ConnectionStrings__redis", builder.AddConnectionString("redis", ReferenceExpression.Create($"redis:6379,password={Password}")).Resource);
        return vault;
    }
}
