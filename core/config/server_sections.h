// Sections that matter to a Prometheus server only: runtime, storage, tracing, otlp. Checked as
// upstream does, then listed as skipped. Used from one thread at a time.
#pragma once

#include "core/config/config.h"
#include "core/config/section.h"

namespace fleetglass::config {

void readServerSections(
    Section& section, scrape::NameValidation validation, std::vector<SkippedSection>& skipped);

} // namespace fleetglass::config
