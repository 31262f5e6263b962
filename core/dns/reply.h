// The records of one raw DNS answer. Pure functions; share freely.
#pragma once

#include "core/base/result.h"
#include "core/dns/lookup.h"

#include <span>

namespace fleetglass::dns {

// The number that stands for the type on the wire.
int wireType(RecordType type);

// Records of other types (the CNAMEs on the way) are passed over.
Result<std::vector<Record>> recordsOf(std::span<const unsigned char> reply, RecordType type);

// What c-ares' status means, in words for the user.
std::string explainStatus(int status);

} // namespace fleetglass::dns
