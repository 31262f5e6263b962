// HostModel: one simulated program that has a metrics page. Time moves forward in steps of a
// second. Used from one thread at a time.
#pragma once

#include "core/demo/page_writer.h"

#include <cstdint>
#include <memory>
#include <string>

namespace fleetglass::demo {

struct ModelTime
{
    double sinceLiveS = 0;
    double wallS = 0; // Unix time.
    double secondOfDay = 0; // UTC.
};

class HostModel
{
public:
    virtual ~HostModel() = default;
    // One second has passed.
    virtual void step(const ModelTime& now) = 0;
    virtual void write(PageWriter& page, const ModelTime& now) const = 0;
};

// The default metrics of a Go process.
struct GoProcess
{
    uint64_t channel = 0;
    double startWallS = 0;
    double cpuS = 0;
    double allocatedBytes = 0;
    double sentBytes = 0;
    double receivedBytes = 0;
    double openFiles = 14;
    double goroutines = 23;
    double gcCount = 87;

    void step(const ModelTime& now, double busy, double sentPerS);
    void write(PageWriter& page, const ModelTime& now) const;
};

std::unique_ptr<HostModel> makeEtchaHost(uint64_t seed, const std::string& name);
std::unique_ptr<HostModel> makePushgateway(uint64_t seed);
std::unique_ptr<HostModel> makeStashOperator(uint64_t seed);
std::unique_ptr<HostModel> makeSynseServer(uint64_t seed, const std::string& name);
std::unique_ptr<HostModel> makeController(uint64_t seed);

} // namespace fleetglass::demo
