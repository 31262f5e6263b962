#include "core/exposition/page_window.h"

#include "core/exposition/text_token.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace fleetglass::exposition {

namespace {

// What 64 bytes are, a bit for each.
struct Block
{
    uint64_t marks = 0;
    uint64_t names = 0;
    uint64_t high = 0;
};

// The last bytes of a piece, filled up with NULs, which are nothing here.
class Rest
{
public:
    explicit Rest(std::string_view bytes)
    {
        std::memcpy(m_bytes.data(), bytes.data(), bytes.size());
    }
    const char* data() const { return m_bytes.data(); }

private:
    std::array<char, 64> m_bytes {};
};

Block portableBlock(const char* bytes)
{
    Block block;
    for (unsigned i = 0; i < 64; ++i) {
        const char c = bytes[i];
        const uint64_t bit = uint64_t { 1 } << i;
        block.marks |= c == '"' || c == '\\' || c == '\n' ? bit : 0;
        block.names |= isOf(c, kNameStart | kDigit) ? bit : 0;
        block.high |= static_cast<unsigned char>(c) >= 0x80 ? bit : 0;
    }
    return block;
}

} // namespace

// Takes the blocks of a window one after the other.
class WindowScanner
{
public:
    explicit WindowScanner(PageWindow& window)
        : m_window(window)
        , m_out(window.m_marks.data())
    {
    }

    // Eight at a time, whether they are marks or not: the count says how many are.
    [[gnu::always_inline]] void take(const Block& block)
    {
        m_window.m_notName[m_start / 64] = ~block.names;
        m_high |= block.high;
        const int count = std::popcount(block.marks);
        uint64_t bits = block.marks;
        for (int i = 0; i < count; i += 8) {
            for (int k = 0; k < 8; ++k) {
                m_out[i + k] = m_start + static_cast<uint32_t>(std::countr_zero(bits));
                bits &= bits - 1;
            }
        }
        m_out += count;
        m_start += 64;
    }

    void finish()
    {
        m_window.m_notName[m_start / 64] = ~uint64_t { 0 };
        m_window.m_notName[m_start / 64 + 1] = ~uint64_t { 0 };
        m_window.m_markCount = static_cast<size_t>(m_out - m_window.m_marks.data());
        m_window.m_isAscii = m_high == 0;
    }

private:
    PageWindow& m_window;
    uint32_t* m_out;
    uint32_t m_start = 0;
    uint64_t m_high = 0;
};

namespace {

void scanPortably(std::string_view bytes, PageWindow& window)
{
    WindowScanner scanner(window);
    for (; bytes.size() >= 64; bytes.remove_prefix(64))
        scanner.take(portableBlock(bytes.data()));
    if (!bytes.empty())
        scanner.take(portableBlock(Rest(bytes).data()));
    scanner.finish();
}

#if defined(__x86_64__)

// The class of a byte is what the tables of its two halves agree in (as in simdjson):
// 1: 30-39, 2: 41-4f and 61-6f, 4: 50-5a and 5f, 8: 70-7a.
struct NameTables
{
    __m256i low;
    __m256i high;
};

__attribute__((target("avx2"), always_inline)) inline NameTables nameTables()
{
    const auto low = _mm_setr_epi8(1 | 4 | 8, 1 | 2 | 4 | 8, 1 | 2 | 4 | 8, 1 | 2 | 4 | 8,
        1 | 2 | 4 | 8, 1 | 2 | 4 | 8, 1 | 2 | 4 | 8, 1 | 2 | 4 | 8, 1 | 2 | 4 | 8, 1 | 2 | 4 | 8,
        2 | 4 | 8, 2, 2, 2, 2, 2 | 4);
    const auto high = _mm_setr_epi8(0, 0, 0, 1, 2, 4, 2, 8, 0, 0, 0, 0, 0, 0, 0, 0);
    return { _mm256_broadcastsi128_si256(low), _mm256_broadcastsi128_si256(high) };
}

__attribute__((target("avx2"), always_inline)) inline uint64_t maskOf(__m256i bytes)
{
    return static_cast<uint32_t>(_mm256_movemask_epi8(bytes));
}

__attribute__((target("avx2"), always_inline)) inline Block halfBlock(
    const char* bytes, const NameTables& tables)
{
    const auto x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
    const auto upper
        = _mm256_and_si256(_mm256_srli_epi16(x, 4), _mm256_set1_epi8(15)); // Of each byte.
    const auto agreed = _mm256_and_si256(
        _mm256_shuffle_epi8(tables.low, x), _mm256_shuffle_epi8(tables.high, upper));
    const auto others = _mm256_cmpeq_epi8(agreed, _mm256_setzero_si256());
    const auto quotes = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('"'));
    const auto backslashes = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('\\'));
    const auto breaks = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('\n'));
    const auto marks = _mm256_or_si256(_mm256_or_si256(quotes, backslashes), breaks);
    return { maskOf(marks), ~maskOf(others) & 0xffffffffU, maskOf(x) };
}

__attribute__((target("avx2"), always_inline)) inline Block blockByAvx2(
    const char* bytes, const NameTables& tables)
{
    const Block a = halfBlock(bytes, tables);
    const Block b = halfBlock(bytes + 32, tables);
    return { a.marks | b.marks << 32U, a.names | b.names << 32U, a.high | b.high << 32U };
}

__attribute__((target("avx2,bmi,popcnt"))) void scanByAvx2(
    std::string_view bytes, PageWindow& window)
{
    const NameTables tables = nameTables();
    WindowScanner scanner(window);
    for (; bytes.size() >= 64; bytes.remove_prefix(64))
        scanner.take(blockByAvx2(bytes.data(), tables));
    if (!bytes.empty())
        scanner.take(blockByAvx2(Rest(bytes).data(), tables));
    scanner.finish();
}

const auto kScan = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0
        && __builtin_cpu_supports("popcnt") != 0
    ? scanByAvx2
    : scanPortably;

#else

constexpr auto kScan = scanPortably;

#endif

} // namespace

void PageWindow::scan(std::string_view bytes)
{
    kScan(bytes.substr(0, kBytes), *this);
}

} // namespace fleetglass::exposition
