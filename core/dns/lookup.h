// Lookup: asks name servers for the records of a name, for service discovery. Thread-safe. A test
// gives its own.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace fleetglass::dns {

enum class RecordType
{
    A,
    Aaaa,
    Srv,
    Mx,
    Ns
};

// "SRV", "AAAA" ...
const char* toWord(RecordType type);

struct Record
{
    std::string value; // "10.0.0.3", or a host name with its final dot.
    int port = 0; // SRV only.
    friend bool operator==(const Record&, const Record&) = default;
};

// No records and no error: the name does not exist, or has no records of that type.
struct Answer
{
    std::vector<Record> records; // In the order of the answer.
    std::string error; // "the name server did not answer"; what was known before may still be so.
    friend bool operator==(const Answer&, const Answer&) = default;
};

class Lookup
{
public:
    // May be called from any thread, also from within start().
    using Done = std::function<void(Answer)>;

    virtual ~Lookup() = default;
    // `done` is called once, or never where this object is destroyed before.
    virtual void start(std::string name, RecordType type, Done done) = 0;
};

} // namespace fleetglass::dns
