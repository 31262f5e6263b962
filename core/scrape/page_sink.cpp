#include "core/scrape/page_sink.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace fleetglass::scrape {

namespace {

constexpr size_t kMetadataMax = 20'000; // Families of one target.
constexpr size_t kRefusedMax = 10'000;

// Only we write the stale marker; whatever NaN a target sends becomes the plain one.
double withPlainNan(double value)
{
    return std::isnan(value) ? std::bit_cast<double>(storage::kCanonicalNanBits) : value;
}

std::string clipped(std::string_view text)
{
    return clipUtf8(text, 50);
}

} // namespace

PageSink::PageSink(PageSinkOptions options, const SampleLabels& labels, SeriesCache& cache,
    storage::Appender& appender, std::shared_ptr<const MetadataMap>& metadata, PageRow& row)
    : m_options(std::move(options))
    , m_labels(labels)
    , m_cache(cache)
    , m_appender(appender)
    , m_metadata(metadata)
    , m_row(row)
{
    m_lastCounts = std::exchange(m_row.counts, {});
    m_row.values.resize(m_row.pageValues);
}

void PageSink::beginPage(std::string_view body, bool isText)
{
    m_row.forget();
    m_row.isPlain = true;
    m_remembers = isText;
    if (m_remembers)
        m_row.repeat.begin(body);
}

void PageSink::endPage()
{
    m_row.pageValues = m_row.values.size();
    if (m_remembers && m_row.isPlain)
        m_row.repeat.finish();
    else
        m_row.repeat.forget();
}

void PageSink::repeatPage(std::span<const exposition::PageRepeat::Change> changes)
{
    m_row.counts = m_lastCounts;
    m_row.counts.seriesAdded = 0;
    for (const auto& change : changes) {
        const uint32_t value = m_row.valueOf[change.sample];
        if (value != PageRow::kNoValue)
            m_row.values[value].value = withPlainNan(change.value);
    }
}

MetadataMap& PageSink::changedMetadata()
{
    if (!m_changed) {
        m_changed = std::make_shared<MetadataMap>(*m_metadata);
        m_metadata = m_changed;
    }
    return *m_changed;
}

void PageSink::metadata(const exposition::MetadataEntry& entry)
{
    using exposition::MetadataKind;
    const auto found = m_metadata->find(entry.family);
    if (found == m_metadata->end()) {
        if (m_metadata->size() >= kMetadataMax)
            return;
    } else {
        const labels::Metadata& known = found->second;
        const bool same = entry.kind == MetadataKind::Type
            ? known.type == entry.type
            : entry.text == (entry.kind == MetadataKind::Help ? known.help : known.unit);
        if (same)
            return;
    }
    labels::Metadata& known = changedMetadata()[std::string(entry.family)];
    if (entry.kind == MetadataKind::Type)
        known.type = entry.type;
    else
        (entry.kind == MetadataKind::Help ? known.help : known.unit) = std::string(entry.text);
}

bool PageSink::fail(std::string reason, std::string message, int line)
{
    if (!m_failure)
        m_failure
            = ScrapeFailure { Phase::Limits, std::move(reason), std::move(message), {}, line, 0 };
    return false;
}

bool PageSink::isRead(const Entry* entry) const
{
    if (entry == nullptr || entry->kind == Entry::Kind::Unread)
        return false;
    return entry->kind != Entry::Kind::Refused || entry->refusedInWindow == m_options.window;
}

bool PageSink::sample(
    const exposition::ParsedSample& sample, const exposition::SeriesSource& source)
{
    if (m_remembers) {
        m_row.repeat.note(sample);
        m_row.valueOf.push_back(PageRow::kNoValue);
    }
    return place(sample, source);
}

bool PageSink::place(const exposition::ParsedSample& sample, const exposition::SeriesSource& source)
{
    m_line = sample.line;
    ++m_row.counts.scraped;
    Entry* entry = m_cache.find(sample.seriesText);
    if (m_failure)
        return countOnly(entry, sample, source);
    if (!isRead(entry)) {
        if (entry == nullptr)
            entry = &m_cache.add(sample.seriesText);
        if (!readNew(sample, source, *entry))
            return false;
    }
    if (entry->kind == Entry::Kind::Dropped)
        return true;
    if (static_cast<size_t>(++m_row.counts.afterRelabel) > m_options.limits.samplesMax) {
        fail("sample_limit",
            "more than " + std::to_string(m_options.limits.samplesMax)
                + " samples on the page (sample_limit)",
            0);
        return true;
    }
    if (entry->kind == Entry::Kind::Refused) {
        ++m_row.counts.seriesRefused;
        m_row.isPlain = false; // There may be room next time.
        return true;
    }
    return store(sample, *entry->live);
}

// The page has failed by sample_limit, but scrape_samples_scraped and
// scrape_samples_post_metric_relabeling tell of all of it (Prometheus scrape/scrape.go).
bool PageSink::countOnly(const Entry* entry, const exposition::ParsedSample& sample,
    const exposition::SeriesSource& source)
{
    const bool stays = isRead(entry) ? entry->kind != Entry::Kind::Dropped
                                     : m_labels.of(source.labels(), sample.seriesText).has_value();
    m_row.counts.afterRelabel += stays ? 1 : 0;
    return true;
}

bool PageSink::readNew(
    const exposition::ParsedSample& sample, const exposition::SeriesSource& source, Entry& entry)
{
    entry.kind = Entry::Kind::Dropped;
    const auto labels = m_labels.of(source.labels(), sample.seriesText);
    if (!labels)
        return true;
    if (!checkLabels(*labels) || !checkNames(*labels)) {
        entry.kind = Entry::Kind::Unread; // The next page is judged anew.
        return false;
    }
    entry.kind = Entry::Kind::Refused;
    entry.refusedInWindow = m_options.window;
    if (m_newSeries >= m_options.newSeriesLeft)
        return refuse(*labels);
    const auto ref = m_appender.seriesFor(*labels);
    if (!ref)
        return refuse(*labels); // The store is full; what it has goes on.
    entry.live = &m_cache.liveOf(*ref);
    entry.kind = Entry::Kind::Stored;
    if (entry.live->lastSeen == 0)
        ++m_newSeries;
    return true;
}

bool PageSink::refuse(const labels::Labels& labels)
{
    if (m_refused.size() < kRefusedMax)
        m_refused.push_back(labels);
    return true;
}

bool PageSink::checkLabels(const labels::Labels& set)
{
    const EffectiveLimits& limits = m_options.limits;
    const std::string metric = labels::quote(clipped(set.metricName()));
    if (set.size() > limits.labelsMax)
        return fail("label_limit",
            "label_limit exceeded (metric: " + metric + ", number of labels: "
                + std::to_string(set.size()) + ", limit: " + std::to_string(limits.labelsMax) + ")",
            m_line);
    for (const labels::Label& label : set) {
        const std::string place = " exceeded (metric: " + metric
            + ", label name: " + labels::quote(clipped(label.name));
        if (label.name.size() > limits.labelNameBytesMax)
            return fail("label_name_length_limit",
                "label_name_length_limit" + place + ", length: " + std::to_string(label.name.size())
                    + ", limit: " + std::to_string(limits.labelNameBytesMax) + ")",
                m_line);
        if (label.value.size() > limits.labelValueBytesMax)
            return fail("label_value_length_limit",
                "label_value_length_limit" + place
                    + ", value: " + labels::quote(clipped(label.value))
                    + ", length: " + std::to_string(label.value.size())
                    + ", limit: " + std::to_string(limits.labelValueBytesMax) + ")",
                m_line);
    }
    return true;
}

bool PageSink::checkNames(const labels::Labels& set)
{
    const auto invalid = [this](const std::string& message) {
        fail("names", message, m_line);
        m_failure->phase = Phase::Parse;
        return false;
    };
    if (set.metricName().empty())
        return invalid("sample without a metric name after metric_relabel_configs");
    if (m_options.nameValidation == NameValidation::Utf8)
        return true;
    for (const labels::Label& label : set) {
        if (!labels::isLegacyLabelName(label.name))
            return invalid("label name " + labels::quote(clipped(label.name))
                + " is not allowed by metric_name_validation_scheme legacy");
    }
    if (!labels::isLegacyMetricName(set.metricName()))
        return invalid("metric name " + labels::quote(clipped(set.metricName()))
            + " is not allowed by metric_name_validation_scheme legacy");
    return true;
}

bool PageSink::store(const exposition::ParsedSample& sample, Live& live)
{
    const bool ownTime = m_options.honorTimestamps && sample.timestampMs.has_value();
    const int64_t timeMs = ownTime ? *sample.timestampMs : m_options.timestampMs;
    m_row.isPlain = m_row.isPlain && !ownTime;
    if (timeMs < 0 || timeMs > m_options.timestampMs + kAheadMaxMs) {
        ++m_row.counts.outOfBounds;
        return true;
    }
    const bool tracked = !ownTime || m_options.trackTimestampsStaleness;
    const bool again = live.lastSeen == m_cache.scrape();
    if (again && !ownTime) {
        ++m_row.counts.duplicate; // The first one counts.
        return true;
    }
    if (!live.active && !again && (tracked || live.lastSeen == 0))
        ++m_row.counts.seriesAdded;
    if (tracked && !again)
        m_cache.noteSeen(live);
    live.lastSeen = m_cache.scrape();
    const double value = withPlainNan(sample.value);
    if (ownTime || sample.histogram || sample.startTimestampMs != 0) {
        m_row.isPlain = false;
        m_loose.push_back({ live.ref, timeMs, value, sample.histogram, sample.startTimestampMs });
    } else {
        if (m_remembers)
            m_row.valueOf.back() = static_cast<uint32_t>(m_row.values.size());
        m_row.values.push_back({ live.ref, value });
    }
    storeExemplars(sample, live);
    return true;
}

void PageSink::storeExemplars(const exposition::ParsedSample& sample, const Live& live)
{
    for (const exposition::Exemplar& exemplar : sample.exemplars) {
        const int64_t timeMs = exemplar.timestampMs.value_or(m_options.timestampMs);
        m_exemplars.push_back({ live.ref, { exemplar.labels, exemplar.value, timeMs } });
        ++m_row.counts.exemplars;
    }
}

void PageSink::dropSamples()
{
    m_row.forget();
    m_loose.clear();
    m_exemplars.clear();
}

void PageSink::add(storage::SeriesRef series, double value)
{
    m_row.values.push_back({ series, value });
}

storage::Row PageSink::row() const
{
    return { m_options.timestampMs, m_row.values, m_loose, m_exemplars };
}

} // namespace fleetglass::scrape
