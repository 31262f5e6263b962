// DnsSource: targets named by DNS records (dns_sd). Used from one thread at a time; answers come
// in from the lookup's thread.
#pragma once

#include "core/base/guarded.h"
#include "core/discovery/source.h"
#include "core/dns/lookup.h"

#include <map>
#include <utility>

namespace fleetglass::discovery {

class DnsSource : public Source
{
public:
    // `answered` is called from any thread when there is something new to see.
    DnsSource(DnsOptions options, dns::Lookup& lookup, std::function<void()> answered);
    ~DnsSource() override;
    DnsSource(const DnsSource&) = delete;
    DnsSource& operator=(const DnsSource&) = delete;

    std::chrono::nanoseconds untilDue(std::chrono::nanoseconds bootTime) const override;
    void poll(std::chrono::nanoseconds bootTime) override;
    Snapshot snapshot() const override;
    bool hasAnswered() const override;
    bool takeChange() override { return std::exchange(m_changed, false); }

private:
    // What came in since the last look, by the place of the name.
    struct Inbox
    {
        std::map<size_t, dns::Answer> answers;
        std::function<void()> wake;
    };
    struct Name
    {
        std::vector<TargetGroup> groups; // Of the last good answer.
        std::string error;
        bool asking = false;
        bool answered = false;
    };

    void take(size_t index, dns::Answer answer);
    void ask(size_t index);

    const DnsOptions m_options;
    const dns::RecordType m_type;
    dns::Lookup& m_lookup;
    std::shared_ptr<Guarded<Inbox>> m_inbox;
    std::vector<Name> m_names;
    bool m_changed = false;
    std::chrono::nanoseconds m_nextPoll {};
};

} // namespace fleetglass::discovery
