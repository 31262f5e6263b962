// Names beyond ASCII on their way through systems that know only [a-zA-Z_:][a-zA-Z0-9_:]*: the
// escaping schemes of prometheus/common (model/metric.go) and the sanitizers of strutil.
// Pure functions; thread-safe.
#pragma once

#include "core/exposition/format.h"

#include <string>
#include <string_view>

namespace fleetglass::exposition {

// Any UTF-8 text that is not empty.
bool isValidUtf8Name(std::string_view name);

// "my.metric" -> "my_metric" (Underscores), "my_dot_metric" (Dots), "U__my_2e_metric" (Values).
std::string escapeName(std::string_view name, Escaping escaping);
// Undoes Dots and Values; a name that the scheme did not make comes back unchanged.
std::string unescapeName(std::string_view name, Escaping escaping);

// Every byte that a label name cannot hold becomes '_' (meta labels of discovery).
std::string sanitizeLabelName(std::string_view name);
// The same, and the first character is no digit either; "" becomes "_".
std::string sanitizeFullLabelName(std::string_view name);

} // namespace fleetglass::exposition
