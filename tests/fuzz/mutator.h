// Mutator: makes strange inputs out of good ones, the same for the same seed. Used from one thread
// at a time.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::fuzz {

inline constexpr size_t kInputBytesMax = 64 * 1024;

class Mutator
{
public:
    explicit Mutator(uint64_t seed)
        : m_random(seed)
    {
    }

    // Below `end`; 0 where that is 0.
    size_t below(size_t end) { return end == 0 ? 0 : static_cast<size_t>(m_random() % end); }

    // One of the seeds after one to eight changes; `words` are pieces worth putting in.
    std::string mutate(std::span<const std::string> seeds, std::span<const std::string_view> words);

private:
    void changeOnce(std::string& input, std::span<const std::string> seeds,
        std::span<const std::string_view> words);
    std::string sliceOf(const std::string& text);

    std::mt19937_64 m_random;
};

// The seed of one run, so that a run can be had again without those before it.
uint64_t seedOfRun(uint64_t seed, std::string_view subject, uint64_t run);

} // namespace fleetglass::fuzz
