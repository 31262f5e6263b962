// PageWriter: collects a page and writes it as Prometheus text 0.0.4 or as the controller's JSON.
// Used from one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetglass::demo {

using PageLabels = std::vector<std::pair<std::string, std::string>>;

class PageWriter
{
public:
    void family(std::string_view name, std::string_view type, std::string_view help);
    void sample(std::string_view name, const PageLabels& labels, double value);
    // A family of one sample without labels.
    void single(std::string_view name, std::string_view type, std::string_view help, double value);

    std::string text() const;
    // {family: {help_text, type, samples: [{labels, value}]}}, as AWX renders application/json.
    std::string awxJson() const;

private:
    struct Sample
    {
        std::string name;
        PageLabels labels;
        double value = 0;
    };
    struct Family
    {
        std::string name;
        std::string type;
        std::string help;
        std::vector<Sample> samples;
    };
    std::vector<Family> m_families;
};

// Cumulative counts under fixed bounds, for classic histograms. Whole observations, each with a
// value of its own, so that a bucket never grows by more than the one above it.
class Buckets
{
public:
    explicit Buckets(std::vector<double> bounds, uint64_t channel = 1);
    // About `times` observations around `value`, spread as a log-normal; parts of one are kept for
    // later.
    void observe(double value, double times);
    void write(PageWriter& page, std::string_view family, const PageLabels& labels) const;

private:
    double draw(double value);

    std::vector<double> m_bounds;
    std::vector<uint64_t> m_counts; // Not cumulative; the last is above every bound.
    double m_sum = 0;
    double m_pending = 0;
    uint64_t m_channel;
    int64_t m_drawn = 0;
};

} // namespace fleetglass::demo
