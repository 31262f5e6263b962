#include "ui/models/target_filter.h"

#include <QRegularExpression>
#include <QStringList>
#include <algorithm>

namespace fleetglass::models {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// ASCII letters match in both cases, all other bytes as they are.
bool contains(std::string_view text, std::string_view wanted)
{
    return std::search(text.begin(), text.end(), wanted.begin(), wanted.end(), [](char a, char b) {
        return lower(a) == b;
    }) != text.end();
}

bool containsText(const view::TargetView& target, std::string_view wanted)
{
    if (contains(target.instance, wanted) || contains(target.job, wanted)
        || contains(target.error, wanted))
        return true;
    return std::any_of(target.labels.begin(), target.labels.end(),
        [&](const labels::Label& label) { return contains(label.value, wanted); });
}

bool passesWord(const view::TargetView& target, const std::string& word)
{
    if (word == "down")
        return target.health == view::Health::Down;
    if (word == "up")
        return target.health == view::Health::Up;
    if (word == "unknown")
        return target.health == view::Health::Unknown;
    if (word == "paused")
        return target.paused;
    if (word == "unverified")
        return target.insecureSkipVerify && target.url.starts_with("https:");
    if (word == "expiring")
        return target.certificateNotAfterMs > 0
            && target.certificateNotAfterMs - target.lastScrapeMs < view::kCertificateWarningMs;
    return containsText(target, word);
}

bool passesPair(const view::TargetView& target, const std::string& name, const std::string& value)
{
    if (name == "phase")
        return phaseWord(target.phase).toLower().toStdString() == value;
    if (name == "state")
        return passesWord(target, value);
    if (name == "job")
        return contains(target.job, value);
    const auto label = target.labels.get(name);
    return !label.empty() && contains(label, value);
}

} // namespace

TargetFilter::TargetFilter(const QString& text)
{
    static const QRegularExpression kApart(QStringLiteral("[\\s,]+"));
    for (const QString& word : text.split(kApart, Qt::SkipEmptyParts)) {
        const auto equals = word.indexOf(QLatin1Char('='));
        QString value = word.mid(equals + 1).toLower();
        value.remove(QLatin1Char('"'));
        if (value.isEmpty())
            continue; // "job=" while it is being typed.
        m_terms.push_back(
            { equals > 0 ? word.left(equals).toStdString() : std::string(), value.toStdString() });
    }
}

bool TargetFilter::passes(const view::TargetView& target) const
{
    return std::all_of(m_terms.begin(), m_terms.end(), [&](const Term& term) {
        return term.name.empty() ? passesWord(target, term.value)
                                 : passesPair(target, term.name, term.value);
    });
}

QString phaseWord(view::Phase phase)
{
    switch (phase) {
    case view::Phase::None:
        return {};
    case view::Phase::Dns:
        return QStringLiteral("DNS");
    case view::Phase::Tcp:
        return QStringLiteral("TCP");
    case view::Phase::Tls:
        return QStringLiteral("TLS");
    case view::Phase::Http:
        return QStringLiteral("HTTP");
    case view::Phase::Body:
        return QStringLiteral("BODY");
    case view::Phase::Parse:
        return QStringLiteral("PARSE");
    case view::Phase::Limits:
        return QStringLiteral("LIMITS");
    }
    return {};
}

std::string hostOf(const std::string& instance)
{
    const size_t colon = instance.rfind(':');
    const bool port = colon != std::string::npos && colon + 1 < instance.size()
        && instance.find_first_not_of("0123456789", colon + 1) == std::string::npos
        && (instance.find(':') == colon || instance[colon - 1] == ']');
    return port ? instance.substr(0, colon) : instance;
}

} // namespace fleetglass::models
