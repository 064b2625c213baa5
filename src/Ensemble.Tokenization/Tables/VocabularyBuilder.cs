namespace Ensemble.Tokenization.Tables;

/// <summary>Finds the two parts each token is merged from, which ranks or merge rules leave unsaid.</summary>
internal static class VocabularyBuilder
{
    /// <summary>Builds from a rank file: the token at index <i>r</i> has rank and id <i>r</i>.</summary>
    /// <exception cref="NotSupportedException">The ranks do not lead to every token in order.</exception>
    public static VocabularyDefinition FromRanks(IReadOnlyList<byte[]> tokens)
    {
        var byteTokens = new byte[MergeList.ByteTokens];
        for (int rank = 0; rank < MergeList.ByteTokens; rank++)
        {
            if (tokens[rank].Length != 1)
            {
                throw new NotSupportedException("The 256 lowest ranks must be the single bytes.");
            }

            byteTokens[tokens[rank][0]] = (byte)rank;
        }

        var pairs = new Dictionary<(int Left, int Right), (int Rank, int Result)>(tokens.Count);
        var merges = new (int Left, int Right)[tokens.Count - MergeList.ByteTokens];
        for (int rank = MergeList.ByteTokens; rank < tokens.Count; rank++)
        {
            List<int> parts = Merge(pairs, [.. tokens[rank].Select(b => (int)byteTokens[b])]);
            if (parts.Count != 2)
            {
                throw new NotSupportedException($"The token of rank {rank} does not follow from those before it.");
            }

            merges[rank - MergeList.ByteTokens] = (parts[0], parts[1]);
            pairs.Add((parts[0], parts[1]), (rank, rank));
        }

        return new VocabularyDefinition(MergeList.Write(byteTokens, merges));
    }

    /// <summary>Builds from the tokens and merge rules of a Hugging Face file.</summary>
    /// <param name="tokens">The bytes of each token and its id.</param>
    /// <param name="rules">The ids of the two parts and of the result of each rule, the first rule first.</param>
    /// <param name="wholePieces">Whether a piece that is a token is that token, whatever the rules say (<c>ignore_merges</c>).</param>
    /// <exception cref="NotSupportedException">The rules join a token before its parts exist.</exception>
    public static VocabularyDefinition FromRules(
        IReadOnlyCollection<KeyValuePair<byte[], int>> tokens,
        IReadOnlyList<(int Left, int Right, int Result)> rules,
        bool wholePieces)
    {
        var byteIds = new int[MergeList.ByteTokens];
        Array.Fill(byteIds, -1);
        foreach ((byte[] bytes, int id) in tokens)
        {
            if (bytes.Length == 1)
            {
                byteIds[bytes[0]] = id;
            }
        }

        var pairs = new Dictionary<(int Left, int Right), (int Rank, int Result)>(rules.Count);
        for (int rank = 0; rank < rules.Count; rank++)
        {
            pairs.TryAdd((rules[rank].Left, rules[rank].Right), (rank, rules[rank].Result));
        }

        // A token is what its own bytes merge into; its rank is that of the last rule used.
        var reachable = new List<(int Rank, int Id, int Left, int Right)>(tokens.Count);
        var unreachable = new List<KeyValuePair<byte[], int>>();
        foreach ((byte[] bytes, int id) in tokens)
        {
            if (bytes.Length < 2)
            {
                continue;
            }

            List<int> parts = [.. bytes.Select(b => byteIds[b])];
            List<int> merged = parts.Contains(-1) ? parts : Merge(pairs, parts, stopBefore: id);
            if (merged.Count == 2 && pairs.TryGetValue((merged[0], merged[1]), out (int Rank, int Result) last) && last.Result == id)
            {
                reachable.Add((last.Rank, id, merged[0], merged[1]));
            }
            else
            {
                unreachable.Add(new(bytes, id));
            }
        }

        reachable.Sort();
        return Number(byteIds, reachable, unreachable, wholePieces);
    }

    private static VocabularyDefinition Number(
        int[] byteIds,
        List<(int Rank, int Id, int Left, int Right)> reachable,
        List<KeyValuePair<byte[], int>> unreachable,
        bool wholePieces)
    {
        var ids = new int[MergeList.ByteTokens + reachable.Count];
        var rankOf = new Dictionary<int, int>(ids.Length);
        var byteTokens = new byte[MergeList.ByteTokens];
        for (int b = 0; b < MergeList.ByteTokens; b++)
        {
            byteTokens[b] = (byte)b;
            ids[b] = byteIds[b];
            if (byteIds[b] >= 0)
            {
                rankOf[byteIds[b]] = b;
            }
        }

        var merges = new (int Left, int Right)[reachable.Count];
        for (int i = 0; i < reachable.Count; i++)
        {
            (_, int id, int left, int right) = reachable[i];
            if (!rankOf.TryGetValue(left, out int leftRank) || !rankOf.TryGetValue(right, out int rightRank))
            {
                throw new NotSupportedException($"The merge rules join token {id} before both its parts, {left} and {right}.");
            }

            merges[i] = (leftRank, rightRank);
            rankOf[id] = MergeList.ByteTokens + i;
            ids[MergeList.ByteTokens + i] = id;
        }

        return new VocabularyDefinition(MergeList.Write(byteTokens, merges))
        {
            Ids = ids,
            HasMissingBytes = byteIds.Contains(-1),
            Unreachable = unreachable,
            MatchesWholePieces = wholePieces,
        };
    }

    /// <summary>Merges by rank, the leftmost of equals first, until nothing merges or two parts are left that make <paramref name="stopBefore"/>.</summary>
    private static List<int> Merge(Dictionary<(int Left, int Right), (int Rank, int Result)> pairs, List<int> parts, int stopBefore = -1)
    {
        while (parts.Count > 1)
        {
            int at = -1;
            (int Rank, int Result) lowest = (int.MaxValue, -1);
            for (int i = 0; i + 1 < parts.Count; i++)
            {
                if (pairs.TryGetValue((parts[i], parts[i + 1]), out (int Rank, int Result) pair) && pair.Rank < lowest.Rank)
                {
                    (lowest, at) = (pair, i);
                }
            }

            if (at < 0 || (parts.Count == 2 && lowest.Result == stopBefore))
            {
                break;
            }

            parts[at] = lowest.Result;
            parts.RemoveAt(at + 1);
        }

        return parts;
    }
}
