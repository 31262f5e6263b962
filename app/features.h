// The parts of PromQL that --enable-feature switches on, as promtool names them. Pure functions.
#pragma once

#include "app/arguments.h"
#include "core/promql/parser.h"

namespace fleetglass::app {

// From every --enable-feature=a,b given; names that mean nothing here are passed over.
promql::ParseOptions languageOf(const Arguments& arguments);

} // namespace fleetglass::app
