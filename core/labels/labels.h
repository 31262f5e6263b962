// Labels: one series' identity, a set of name/value pairs sorted by name. Copying is cheap: copies
// share their text. Immutable; share freely. Views returned by it live as long as any copy.
#pragma once

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetglass::labels {

inline constexpr std::string_view kMetricName = "__name__";

struct Label
{
    std::string_view name;
    std::string_view value;
    friend bool operator==(const Label&, const Label&) = default;
    friend auto operator<=>(const Label&, const Label&) = default;
};

class Labels
{
public:
    using const_iterator = const Label*;

    Labels() = default;
    // Any order. An empty value is the same as no such label; of two equal names the later wins.
    Labels(std::initializer_list<Label> pairs);
    static Labels fromPairs(std::span<const std::pair<std::string, std::string>> pairs);
    static Labels fromViews(std::span<const Label> pairs);

    // "" where there is no such label.
    std::string_view get(std::string_view name) const;
    bool has(std::string_view name) const { return !get(name).empty(); }
    std::string_view metricName() const { return get(kMetricName); }

    size_t size() const;
    bool empty() const { return size() == 0; }
    const_iterator begin() const;
    const_iterator end() const { return begin() + size(); }

    // Stable within a process, equal for equal sets.
    uint64_t hash() const;

    // Copies with or without some names; `names` sorted or not.
    Labels without(std::span<const std::string> names) const;
    Labels only(std::span<const std::string> names) const;
    Labels withoutName() const; // Without __name__.

    // {__name__="up", job="a"}: labels.Labels.String of Prometheus.
    std::string toString() const;
    // up{job="a"}: the selector form for people and PromQL; names that need quotes get them.
    std::string toSelector() const;

    friend bool operator==(const Labels& a, const Labels& b);
    // Prometheus' labels.Compare: pair by pair, then by length.
    friend std::strong_ordering operator<=>(const Labels& a, const Labels& b);

private:
    struct Rep;
    static Labels fromSorted(std::vector<Label> sorted);

    std::shared_ptr<const Rep> m_rep; // Null: the empty set.
};

// Builder: collects changes on top of a set. Used from one thread at a time.
class Builder
{
public:
    Builder() = default;
    explicit Builder(const Labels& base);

    void set(std::string_view name, std::string_view value); // An empty value deletes.
    void remove(std::string_view name) { set(name, {}); }
    std::string_view get(std::string_view name) const; // Valid until the next change.
    void clear() { m_pairs.clear(); }

    // The pairs as they stand, sorted by name, none empty; valid until the next change.
    const std::vector<std::pair<std::string, std::string>>& pairs() const { return m_pairs; }
    Labels labels() const;

private:
    std::vector<std::pair<std::string, std::string>> m_pairs; // Sorted by name.
};

// [a-zA-Z_][a-zA-Z0-9_]*, the names every version takes; a metric name may hold colons as well.
bool isLegacyLabelName(std::string_view name);
bool isLegacyMetricName(std::string_view name);

// "a\"b" with Go's strconv.Quote escapes.
std::string quote(std::string_view text);

} // namespace fleetglass::labels

template<>
struct std::hash<fleetglass::labels::Labels>
{
    size_t operator()(const fleetglass::labels::Labels& labels) const { return labels.hash(); }
};
