using System.Net;
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace TicketAspire.Tests.Support.Redis;

public sealed class FixtureTests
{
    [Fact]
    public async Task A_server_keeps_what_it_acknowledged_over_a_kill()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        (await redis.CallAsync("RPUSH", "words", "größer", "")).ShouldBe("2");

        await redis.KillAsync();
        await Should.ThrowAsync<SocketException>(() => redis.CallAsync("PING"));
        await redis.RestartAsync();

        (await redis.CallAsync("LRANGE", "words", "0", "-1")).ShouldBe("größer\n");
        (await redis.CallAsync("GET", "nothing")).ShouldBe("(nil)");
        (await redis.CallAsync("CONFIG", "GET", "appendfsync")).ShouldBe("appendfsync\nalways");
    }

    [Fact]
    public async Task Settings_are_those_that_were_given()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync("--appendonly", "no", "--maxmemory", "1", "--maxmemory-policy", "noeviction");

        (await redis.CallAsync("CONFIG", "GET", "appendonly")).ShouldBe("appendonly\nno");
        (await Should.ThrowAsync<RedisErrorException>(() => redis.CallAsync("SET", "a", "b"))).Message.ShouldStartWith("OOM ");
    }

    [Fact]
    public async Task A_setting_that_the_server_does_not_know_is_told()
    {
        RedisServer.Require();
        (await Should.ThrowAsync<InvalidOperationException>(() => RedisServer.StartAsync("--no-such-setting", "1")))
            .Message.ShouldContain("no-such-setting");
    }

    [Fact]
    public async Task A_paused_server_carries_out_later_what_it_was_sent()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();

        await redis.PauseAsync();
        var answer = redis.CallAsync("INCR", "counter");
        await Should.ThrowAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(100), HttpCalls.Cancellation));
        await redis.ResumeAsync();

        (await answer).ShouldBe("1");
    }

    [Fact]
    public async Task A_replica_has_what_the_master_has_and_stays_one_over_a_kill()
    {
        RedisServer.Require();
        await using var master = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync();
        await master.CallAsync("SET", "before", "1");
        await replica.ReplicateAsync(master);
        (await replica.CallAsync("GET", "before")).ShouldBe("1");

        await replica.KillAsync();
        await replica.RestartAsync();

        (await replica.CallAsync("ROLE")).ShouldStartWith("slave\n");
        (await replica.CallAsync("GET", "before")).ShouldBe("1");
    }

    [Fact]
    public async Task A_sentinel_fails_over_to_the_replica_and_makes_the_old_master_one()
    {
        RedisServer.Require();
        await using var master = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync();
        await replica.ReplicateAsync(master);
        await using var sentinel = await RedisSentinel.StartAsync(master);
        (await sentinel.MasterPortAsync()).ShouldBe(master.Port);
        await AcknowledgedByReplicaAsync(master, "SET", "kept", "1");

        await master.KillAsync();

        (await sentinel.FailoverAsync(from: master)).ShouldBe(replica.Port, sentinel.Output);
        (await replica.CallAsync("ROLE")).ShouldStartWith("master\n");
        (await replica.CallAsync("GET", "kept")).ShouldBe("1");
        await replica.CallAsync("SET", "kept", "2");

        await master.RestartAsync();
        await Eventually.IsSoAsync("the old master has what the new one has", _ => HasAsync(master, "kept", "2"), HttpCalls.Cancellation);
        (await sentinel.MasterPortAsync()).ShouldBe(replica.Port, sentinel.Output);
    }

    [Fact]
    public async Task A_port_that_somebody_took_is_given_up_for_another()
    {
        RedisServer.Require();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int[] ports = [((IPEndPoint)taken.LocalEndpoint).Port, FreePort.Next()];
        var starts = 0;

        await using var service = await ListeningProcess.StartAsync(
            _ => ChildProcess.Start(RedisServer.Program, Path.GetTempPath(), ["--save", "", "--port", $"{ports[starts++]}"]),
            (process, _, cancellation) => RedisServer.IsReadyAsync(process, ports[starts - 1], cancellation));

        starts.ShouldBe(2);
    }

    private static async Task<bool> HasAsync(RedisServer server, string key, string value)
    {
        try
        {
            return await server.CallAsync("GET", key) == value;
        }
        catch (Exception exception) when (exception is IOException or RedisErrorException)
        {
            // Whoever becomes a replica loses its connections, and loads.
            return false;
        }
    }

    /// <summary>WAIT speaks of what was written on the same connection.</summary>
    private static async Task AcknowledgedByReplicaAsync(RedisServer server, params string[] command)
    {
        using var connection = await RespConnection.OpenAsync(server.Port, HttpCalls.Cancellation);
        await connection.CallAsync(command, HttpCalls.Cancellation);
        (await connection.CallAsync(["WAIT", "1", "0"], HttpCalls.Cancellation)).ShouldBe("1");
    }
}
