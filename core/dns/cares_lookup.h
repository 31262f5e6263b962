// CaresLookup: the machine's name servers asked with c-ares, over UDP with EDNS and over TCP where
// an answer was cut. The search list is walked as Prometheus walks it. Thread-safe; one thread of
// its own, which begins with the first lookup and ends with the object.
#pragma once

#include "core/dns/lookup.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fleetglass::dns {

struct LookupOptions
{
    std::vector<std::string> servers; // "127.0.0.1:5353"; empty: those of /etc/resolv.conf.
    std::optional<std::vector<std::string>> search; // Unset: that of /etc/resolv.conf.
    std::optional<int> ndots;
    std::chrono::milliseconds timeout { 2'000 }; // Of the first try; the next waits twice as long.
    int tries = 2; // At each server.
    size_t activeMax = 64;
    size_t queueMax = 20'000; // Names waiting; beyond it a lookup fails at once.
};

class CaresLookup : public Lookup
{
public:
    explicit CaresLookup(LookupOptions options = {});
    ~CaresLookup() override;
    CaresLookup(const CaresLookup&) = delete;
    CaresLookup& operator=(const CaresLookup&) = delete;

    void start(std::string name, RecordType type, Done done) override;

private:
    class Worker;
    std::unique_ptr<Worker> m_worker;
};

} // namespace fleetglass::dns
