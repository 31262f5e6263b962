#include "core/rules/template.h"
#include "tests/fuzz/subject.h"

namespace fleetglass::fuzz {

namespace {

constexpr size_t kOutputBytesMax = 16 * 1024;

rules::TemplateContext someContext(Mutator& random)
{
    rules::TemplateContext context;
    context.name = "fuzz";
    context.timeMs = 1'700'000'000'000;
    context.html = random.below(2) == 1;
    context.limits.outputBytesMax = kOutputBytesMax;
    context.limits.stepsMax = 20'000;
    context.query
        = [](const std::string& expression) -> Result<std::vector<rules::TemplateSample>> {
        if (expression.size() % 3 == 0)
            return failure("no such thing as \"" + expression + "\"");
        return std::vector<rules::TemplateSample> {
            { { { "__name__", "up" }, { "instance", "a<b>" } }, 1.5, nullptr },
            { { { "instance", "c" } }, -0.0, nullptr },
        };
    };
    return context;
}

Complaint check(const std::string& input, Mutator& random)
{
    const rules::TemplateData data { { { "instance", "host:9100" }, { "job", "<b>\"&'" } },
        { { "region", "eu" } }, "http://localhost:9090/x", 1234.5678, nullptr };
    const auto context = someContext(random);
    const auto expanded = rules::expandTemplate(input, data, context);
    const auto problem = rules::checkTemplate(input);
    (void)rules::labelsReadBy(input);
    if (!expanded && expanded.error().message.empty())
        return "failed without a message";
    if (expanded && expanded->size() > kOutputBytesMax)
        return "wrote " + std::to_string(expanded->size()) + " bytes, past the limit";
    if (expanded && problem)
        return "was expanded although it does not parse: " + *problem;
    return std::nullopt;
}

} // namespace

Subject templateSubject()
{
    return { "template",
        { "{{ $labels.instance }} of {{ .Labels.job }} is down, {{ $value | humanize }}",
            "{{ range query \"up\" | sortByLabel \"instance\" }}{{ .Labels.instance }}: "
            "{{ .Value | humanize1024 }}\n{{ else }}none{{ end }}",
            "{{ if and (gt $value 5.0) (not false) }}{{ printf \"%06.2f|%-5s|%q|%x\" $value \"a\" "
            "`b` 255 }}"
            "{{ else if eq 1 1 }}x{{ end }}",
            "{{ define \"t\" }}{{ . }}{{ end }}{{ template \"t\" (args 1 \"b\") }}{{ $x := 1 }}{{ "
            "$x = 2 }}",
            "{{- with first (query \"a\") -}} {{ label \"instance\" . | toUpper | reReplaceAll "
            "\"(.)\" \"$1$1\" }}"
            "{{ end }}{{/* words */}}{{ humanizeTimestamp 1e9 }}{{ parseDuration \"1h\" }}",
            "{{ range $i, $e := query \"b\" }}{{ if lt $i 1 }}{{ continue }}{{ end }}{{ break }}{{ "
            "end }}"
            "{{ index $externalLabels \"region\" | safeHtml }}{{ len \"abc\" }}{{ slice \"abcd\" 1 "
            "2 }}" },
        { "{{", "}}", "{{ end }}", "{{ else }}", "{{ if 1 }}", "{{ range query \"x\" }}",
            "{{ with . }}", "(", ")", "|", " $value ", ".Labels", ".Value", "\"", "`", "'a'", "%",
            "%d", "%s", "%*d", "%9999d", "1e400", "-0x1p-2", "nil", "{{/*", "*/}}", "{{-", "-}}",
            "$", ":=", "template \"t\" .", "\xff", "\xe2\x82\xac" },
        check };
}

} // namespace fleetglass::fuzz
