#include "tests/fuzz/mutator.h"

#include <algorithm>

namespace fleetglass::fuzz {

namespace {

enum class Change
{
    FlipBit,
    SetByte,
    Insert,
    Erase,
    Repeat,
    Splice,
    Truncate,
    Word,
    ReplaceByWord,
    Nest,
    Count
};

} // namespace

std::string Mutator::sliceOf(const std::string& text)
{
    const size_t begin = below(text.size());
    return text.substr(begin, 1 + below(std::min<size_t>(text.size() - begin, 64)));
}

void Mutator::changeOnce(
    std::string& input, std::span<const std::string> seeds, std::span<const std::string_view> words)
{
    // What a parser is likely to compare with.
    static constexpr char kText[] = "\0\n\r\t \"'\\{}[](),:=#-+.0189eE\x7f\x80\xc3\xff";
    static constexpr std::string_view kBytes(kText, sizeof kText - 1);
    const size_t place = below(input.size());
    switch (static_cast<Change>(below(static_cast<size_t>(Change::Count)))) {
    case Change::FlipBit:
        if (!input.empty())
            input[place] = static_cast<char>(input[place] ^ (1 << below(8)));
        return;
    case Change::SetByte:
        if (!input.empty())
            input[place] = kBytes[below(kBytes.size())];
        return;
    case Change::Insert:
        input.insert(place, 1, kBytes[below(kBytes.size())]);
        return;
    case Change::Erase:
        input.erase(place, 1 + below(32));
        return;
    case Change::Repeat:
        if (!input.empty())
            input.insert(place, sliceOf(input));
        return;
    case Change::Splice:
        input.insert(place, sliceOf(seeds[below(seeds.size())]));
        return;
    case Change::Truncate:
        if (below(4) == 0) // Seldom, or little would be left after a few changes.
            input.resize(place);
        return;
    case Change::Word:
        input.insert(place, words[below(words.size())]);
        return;
    case Change::ReplaceByWord: {
        const std::string_view word = words[below(words.size())];
        input.replace(place, word.size(), word);
        return;
    }
    case Change::Nest: {
        // Depth is what recursion fears.
        const std::string_view word = words[below(words.size())];
        const size_t times = below(300);
        for (size_t i = 0; i < times && input.size() < kInputBytesMax; ++i)
            input.insert(place, word);
        return;
    }
    case Change::Count:
        return;
    }
}

std::string Mutator::mutate(
    std::span<const std::string> seeds, std::span<const std::string_view> words)
{
    std::string input = seeds[below(seeds.size())];
    for (size_t changes = 1 + below(8); changes > 0; --changes)
        changeOnce(input, seeds, words);
    input.resize(std::min(input.size(), kInputBytesMax));
    return input;
}

uint64_t seedOfRun(uint64_t seed, std::string_view subject, uint64_t run)
{
    uint64_t hash = 14695981039346656037U; // FNV-1a: the same on every machine.
    const auto mix = [&](uint64_t byte) { hash = (hash ^ byte) * 1099511628211U; };
    for (const char c : subject)
        mix(static_cast<unsigned char>(c));
    for (unsigned shift = 0; shift < 64; shift += 8) {
        mix((seed >> shift) & 0xFF);
        mix((run >> shift) & 0xFF);
    }
    return hash;
}

} // namespace fleetglass::fuzz
