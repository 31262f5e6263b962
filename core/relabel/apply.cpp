#include "core/relabel/letter_case.h"
#include "core/relabel/rule.h"

#include "core/base/ensure.h"
#include "core/base/utf8.h"

#include <array>
#include <openssl/evp.h>

namespace fleetglass::relabel {

namespace {

std::string joinedSources(const Rule& rule, const labels::Builder& builder)
{
    std::string joined;
    for (size_t i = 0; i < rule.sourceLabels.size(); ++i) {
        if (i > 0)
            joined += rule.separator;
        joined += builder.get(rule.sourceLabels[i]);
    }
    return joined;
}

// The low 8 bytes of the MD5, big-endian: what every Prometheus has shared targets out by.
uint64_t hashOf(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned int size = 0;
    FLEETGLASS_ENSURE(
        EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr) == 1);
    uint64_t value = 0;
    for (size_t i = 8; i < 16; ++i)
        value = (value << 8U) | digest[i];
    return value;
}

bool isWritable(std::string_view name, NameScheme names)
{
    return names == NameScheme::Legacy ? labels::isLegacyLabelName(name)
                                       : !name.empty() && isValidUtf8(name);
}

void replace(const Rule& rule, const std::string& value, labels::Builder& builder)
{
    const auto target = rule.compiled.expand(value, rule.targetLabel);
    if (!target || !isWritable(*target, rule.names))
        return; // No match, or a name nobody could write: the set stays as it is.
    builder.set(*target, rule.compiled.expand(value, rule.replacement).value_or(std::string()));
}

void mapNames(const Rule& rule, labels::Builder& builder)
{
    const auto pairs = builder.pairs(); // A copy: new names are not mapped again.
    for (const auto& [name, value] : pairs) {
        if (!rule.compiled.matches(name))
            continue;
        const auto mapped = rule.compiled.replaceAll(name, rule.replacement);
        if (!mapped.empty())
            builder.set(mapped, value);
    }
}

void dropNames(const Rule& rule, bool dropMatching, labels::Builder& builder)
{
    const auto pairs = builder.pairs();
    for (const auto& [name, value] : pairs) {
        if (rule.compiled.matches(name) == dropMatching)
            builder.remove(name);
    }
}

bool applyOne(const Rule& rule, labels::Builder& builder)
{
    const std::string value = joinedSources(rule, builder);
    switch (rule.action) {
    case Action::Replace:
        replace(rule, value, builder);
        break;
    case Action::Keep:
        return rule.compiled.matches(value);
    case Action::Drop:
        return !rule.compiled.matches(value);
    case Action::KeepEqual:
        return builder.get(rule.targetLabel) == value;
    case Action::DropEqual:
        return builder.get(rule.targetLabel) != value;
    case Action::HashMod:
        builder.set(rule.targetLabel, std::to_string(hashOf(value) % rule.modulus));
        break;
    case Action::LabelMap:
        mapNames(rule, builder);
        break;
    case Action::LabelDrop:
        dropNames(rule, true, builder);
        break;
    case Action::LabelKeep:
        dropNames(rule, false, builder);
        break;
    case Action::Lowercase:
        builder.set(rule.targetLabel, toLowerCase(value));
        break;
    case Action::Uppercase:
        builder.set(rule.targetLabel, toUpperCase(value));
        break;
    }
    return true;
}

} // namespace

bool apply(std::span<const Rule> rules, labels::Builder& builder)
{
    for (const Rule& rule : rules) {
        if (!applyOne(rule, builder))
            return false;
    }
    return true;
}

std::optional<labels::Labels> apply(std::span<const Rule> rules, const labels::Labels& labels)
{
    labels::Builder builder(labels);
    if (!apply(rules, builder))
        return std::nullopt;
    return builder.labels();
}

std::vector<TraceStep> trace(std::span<const Rule> rules, const labels::Labels& labels)
{
    std::vector<TraceStep> steps;
    labels::Builder builder(labels);
    labels::Labels before = labels;
    for (size_t i = 0; i < rules.size(); ++i) {
        const bool kept = applyOne(rules[i], builder);
        const labels::Labels after = kept ? builder.labels() : before;
        steps.push_back({ i, &rules[i], before, after, !kept });
        if (!kept)
            break;
        before = after;
    }
    return steps;
}

} // namespace fleetglass::relabel
