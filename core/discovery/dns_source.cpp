#include "core/discovery/dns_source.h"

#include "core/discovery/meta_labels.h"

#include <algorithm>
#include <utility>

namespace fleetglass::discovery {

namespace {

constexpr const char* kPrefix = "__meta_dns_";

dns::RecordType typeOf(const std::string& word)
{
    using enum dns::RecordType;
    for (const dns::RecordType type : { A, Aaaa, Mx, Ns }) {
        if (word == dns::toWord(type))
            return type;
    }
    return Srv;
}

// Names of records are rooted; addresses look more usual without.
std::string withoutFinalDots(std::string name)
{
    while (name.ends_with('.'))
        name.pop_back();
    return name;
}

TargetGroup groupOf(
    const dns::Record& record, dns::RecordType type, int port, const std::string& name)
{
    MetaLabels labels { { std::string(kPrefix) + "name", name } };
    if (type == dns::RecordType::Srv) {
        labels[std::string(kPrefix) + "srv_record_target"] = record.value;
        labels[std::string(kPrefix) + "srv_record_port"] = std::to_string(record.port);
        port = record.port;
    } else if (type == dns::RecordType::Mx) {
        labels[std::string(kPrefix) + "mx_record_target"] = record.value;
    } else if (type == dns::RecordType::Ns) {
        labels[std::string(kPrefix) + "ns_record_target"] = record.value;
    }
    return oneTarget(joinHostPort(withoutFinalDots(record.value), port), labels, name);
}

} // namespace

DnsSource::DnsSource(DnsOptions options, dns::Lookup& lookup, std::function<void()> answered)
    : m_options(std::move(options))
    , m_type(typeOf(m_options.type))
    , m_lookup(lookup)
    , m_inbox(std::make_shared<Guarded<Inbox>>(Inbox { {}, std::move(answered) }))
    , m_names(m_options.names.size())
{
}

DnsSource::~DnsSource()
{
    m_inbox->with([](Inbox& inbox) { inbox.wake = nullptr; });
}

std::chrono::nanoseconds DnsSource::untilDue(std::chrono::nanoseconds bootTime) const
{
    return std::max(m_nextPoll - bootTime, std::chrono::nanoseconds(0));
}

void DnsSource::poll(std::chrono::nanoseconds bootTime)
{
    auto answers = m_inbox->with([](Inbox& inbox) { return std::exchange(inbox.answers, {}); });
    for (auto& [index, answer] : answers)
        take(index, std::move(answer));
    if (bootTime < m_nextPoll)
        return;
    m_nextPoll = bootTime + pauseOf(m_options.refreshInterval);
    for (size_t i = 0; i < m_names.size(); ++i) {
        if (!m_names[i].asking)
            ask(i);
    }
}

void DnsSource::ask(size_t index)
{
    m_names[index].asking = true;
    m_lookup.start(m_options.names[index], m_type, [inbox = m_inbox, index](dns::Answer answer) {
        inbox->with([&](Inbox& state) {
            state.answers[index] = std::move(answer);
            if (state.wake)
                state.wake();
        });
    });
}

void DnsSource::take(size_t index, dns::Answer answer)
{
    Name& name = m_names[index];
    const std::string& text = m_options.names[index];
    name.asking = false;
    name.answered = true;
    m_changed = true;
    if (!answer.error.empty()) {
        name.error
            = "could not resolve \"" + text + "\" (" + dns::toWord(m_type) + "): " + answer.error;
        return;
    }
    name.error.clear();
    name.groups.clear();
    for (const dns::Record& record : answer.records)
        name.groups.push_back(groupOf(record, m_type, m_options.port, text));
}

Snapshot DnsSource::snapshot() const
{
    Snapshot snapshot;
    for (const Name& name : m_names) {
        snapshot.groups.insert(snapshot.groups.end(), name.groups.begin(), name.groups.end());
        if (!name.error.empty())
            snapshot.errors.push_back(name.error);
    }
    return snapshot;
}

bool DnsSource::hasAnswered() const
{
    return std::all_of(
        m_names.begin(), m_names.end(), [](const Name& name) { return name.answered; });
}

} // namespace fleetglass::discovery
