#include "app/features.h"

#include <sstream>

namespace fleetglass::app {

namespace {

bool hasFeature(const Arguments& arguments, const std::string& feature)
{
    for (const auto& list : arguments.values("enable-feature")) {
        std::istringstream words(list);
        for (std::string word; std::getline(words, word, ',');) {
            if (word == feature)
                return true;
        }
    }
    return false;
}

} // namespace

promql::ParseOptions languageOf(const Arguments& arguments)
{
    promql::ParseOptions options;
    options.experimentalFunctions = hasFeature(arguments, "promql-experimental-functions");
    options.extendedRangeSelectors = hasFeature(arguments, "promql-extended-range-selectors");
    options.fillModifiers = hasFeature(arguments, "promql-binop-fill-modifiers");
    return options;
}

} // namespace fleetglass::app
