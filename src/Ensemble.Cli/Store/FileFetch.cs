using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Ensemble.Cli;

/// <summary>Brings one file into the store's partial folder: goes on where an earlier attempt ended, and checks every byte.</summary>
internal sealed class FileFetch(StoreHttp http, TimeProvider time, TimeSpan retryDelay, Action<long> progress)
{
    private const int MostAttempts = 5;
    private const int BufferLength = 1 << 17;

    // A server that says nothing for this long will say nothing more.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    /// <summary>Fetches a file and gives its length and hash.</summary>
    /// <exception cref="CliException">The bytes are not those that the source states, or the connection fails again and again.</exception>
    public async Task<StoredFile> RunAsync(PlannedFile file, string target, CancellationToken cancellationToken)
    {
        bool wasResumed = false;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                using IncrementalHash? git = file.GitBlob is null ? null : CreateGitHash(file);
                await using FileStream stream = new(target, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, BufferLength, FileOptions.Asynchronous);
                wasResumed |= stream.Length > 0;
                await ReceiveAsync(file, stream, sha256, git, cancellationToken);
                long length = stream.Length;
                string hash = Convert.ToHexStringLower(sha256.GetHashAndReset());
                string? blob = git is null ? null : Convert.ToHexStringLower(git.GetHashAndReset());
                if ((file.Bytes ?? length) == length && (file.Sha256 ?? hash).Equals(hash, StringComparison.OrdinalIgnoreCase) && (file.GitBlob ?? blob)?.Equals(blob, StringComparison.OrdinalIgnoreCase) is not false)
                {
                    return new StoredFile(file.Name, length, hash);
                }

                stream.SetLength(0);
                if (!wasResumed)
                {
                    throw new CliException($"'{file.Name}' is not the file that the source states: {length} bytes, sha256 {hash}, and not {file.Bytes?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "any"} bytes, {file.Sha256 ?? file.GitBlob}. Nothing was added; try again, or another source.", ExitCode.Failed);
                }

                // What lay there from before may have been of another revision: once more, from the start.
                wasResumed = false;
            }
            catch (Exception error) when (IsInterruption(error, cancellationToken) && attempt < MostAttempts)
            {
                await Task.Delay(retryDelay * attempt, time, cancellationToken);
            }
            catch (Exception error) when (IsInterruption(error, cancellationToken))
            {
                throw new CliException($"'{file.Name}' could not be fetched: {error.Message} Run the command again: it goes on where it ended.", ExitCode.Failed);
            }
        }
    }

    private static bool IsInterruption(Exception error, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && (error is HttpRequestException or HttpIOException or OperationCanceledException || (error is IOException { InnerException: System.Net.Sockets.SocketException }));

    // git hashes a header before the content: it can be checked only where the length is known.
    private static IncrementalHash? CreateGitHash(PlannedFile file)
    {
        if (file.Bytes is null)
        {
            return null;
        }

#pragma warning disable CA5350 // git's own hash of small files; large ones have SHA-256
        IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        hash.AppendData(Encoding.ASCII.GetBytes(FormattableString.Invariant($"blob {file.Bytes}\0")));
        return hash;
    }

    private async Task ReceiveAsync(PlannedFile file, FileStream target, IncrementalHash sha256, IncrementalHash? git, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferLength];
        if (!Uri.TryCreate(file.Location, UriKind.Absolute, out Uri? address) || address.IsFile)
        {
            target.SetLength(0);
            await using FileStream source = File.OpenRead(file.Location);
            await CopyAsync(source, file, target, sha256, git, buffer, cancellationToken);
            return;
        }

        if (file.Bytes is { } whole && target.Length > whole)
        {
            target.SetLength(0);
        }

        long kept = target.Length;
        if (kept > 0)
        {
            for (int read; (read = await target.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                Append(buffer.AsSpan(0, read), sha256, git);
            }

            progress(kept);
        }

        if (kept == file.Bytes)
        {
            return;
        }

        using HttpResponseMessage response = await http.SendAsync(HttpMethod.Get, address, kept, cancellationToken);
        if (kept > 0 && response.StatusCode is HttpStatusCode.OK or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The server starts anew, or has less than we have: so do we.
            target.SetLength(0);
            throw new HttpRequestException("the server does not go on where it ended.");
        }

        if ((int)response.StatusCode >= 500)
        {
            throw new HttpRequestException($"the server answered {(int)response.StatusCode}.");
        }

        StoreHttp.RequireSuccess(response, address);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await CopyAsync(body, file, target, sha256, git, buffer, cancellationToken);
    }

    private async Task CopyAsync(Stream source, PlannedFile file, FileStream target, IncrementalHash sha256, IncrementalHash? git, byte[] buffer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource silence = new(Silence, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        for (int read; (read = await source.ReadAsync(buffer, either.Token)) > 0;)
        {
            silence.CancelAfter(Silence);
            if (file.Bytes is { } whole && target.Length + read > whole)
            {
                throw new CliException($"'{file.Name}' is longer than the {whole} bytes that the source states. Nothing was added.", ExitCode.Failed);
            }

            Append(buffer.AsSpan(0, read), sha256, git);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            progress(read);
        }

        await target.FlushAsync(cancellationToken);
        if (file.Bytes is { } stated && target.Length < stated)
        {
            throw new HttpRequestException("the connection ended before the file did.");
        }
    }

    private static void Append(ReadOnlySpan<byte> bytes, IncrementalHash sha256, IncrementalHash? git)
    {
        sha256.AppendData(bytes);
        git?.AppendData(bytes);
    }
}
