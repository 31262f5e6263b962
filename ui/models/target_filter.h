// TargetFilter: what the field above targets understands: "down", "unknown", "up", "paused",
// "unverified", "expiring", "job=etcha", "phase=tls", any label as name=value, or text; all of them
// together. Immutable; share freely.
#pragma once

#include "core/view/target_view.h"

#include <QString>
#include <string>
#include <vector>

namespace fleetglass::models {

class TargetFilter
{
public:
    TargetFilter() = default;
    explicit TargetFilter(const QString& text); // Words apart by blanks or commas.

    bool isEmpty() const { return m_terms.empty(); }
    bool passes(const view::TargetView& target) const;

private:
    struct Term
    {
        std::string name; // Empty: a word.
        std::string value; // Lower case.
    };
    std::vector<Term> m_terms;
};

// The words of the table and the filter: "DNS", "TLS", ...; "" for none.
QString phaseWord(view::Phase phase);
// "db-04" of "db-04:4000"; an IPv6 address keeps its brackets.
std::string hostOf(const std::string& instance);

} // namespace fleetglass::models
