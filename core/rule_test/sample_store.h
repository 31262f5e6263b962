// The series of a rule unit test as a store. Pure function; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/rules/rule_test_file.h"
#include "core/tsdb/ring_store.h"

#include <memory>

namespace fleetglass::rule_test {

// Sample i of a series stands at startMs + i * interval. The clock must outlive the store. Fails,
// naming the series, where its notation is wrong or it is given twice at one time.
Result<std::unique_ptr<tsdb::RingStore>> storeOf(const rules::RuleTest& test, const Clock& clock);

} // namespace fleetglass::rule_test
