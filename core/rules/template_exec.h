// Carrying out a parsed template (Go's text/template/exec.go). Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/rules/template_parser.h"
#include "core/rules/template_value.h"

#include <string>

namespace fleetglass::rules::tmpl {

// What a key that a map does not have gives.
enum class MissingKey
{
    Zero, // The zero value: an empty text in a map of labels.
    NoValue, // "<no value>"
    Error,
};

struct ExecOptions
{
    std::string externalUrl;
    MissingKey missingKey = MissingKey::Zero;
};

// Fails with Go's message: `template: NAME:1:3: executing "NAME" at <.X>: ...`.
Result<std::string> execute(const Program& program, const Value& dot, const ExecOptions& options,
    const TemplateContext& context);

// Parses and carries out with Prometheus' wording around failures.
Result<std::string> expandWith(std::string_view text, const Value& dot, const ExecOptions& options,
    const TemplateContext& context);

} // namespace fleetglass::rules::tmpl
