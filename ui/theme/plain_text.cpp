#include "ui/theme/plain_text.h"

namespace fleetglass::theme {

namespace {

// Controls, and the marks that reorder text (bidirectional overrides and isolates): a host name
// must not be able to look like another one.
bool isUnsafe(QChar c)
{
    const char16_t code = c.unicode();
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029
        || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

} // namespace

QString shown(const QString& text)
{
    QString clipped = text;
    if (clipped.size() > kShownMax) {
        clipped.truncate(kShownMax - 1);
        if (clipped.back().isHighSurrogate())
            clipped.chop(1);
        clipped += QChar(0x2026);
    }
    for (QChar& c : clipped) {
        if (isUnsafe(c))
            c = c == QLatin1Char('\t') || c == QLatin1Char('\n') ? QLatin1Char(' ') : QChar(0xFFFD);
    }
    return clipped;
}

QString shown(std::string_view text)
{
    // A character has at most four bytes.
    const auto bytes = std::min<size_t>(text.size(), static_cast<size_t>(kShownMax) * 4 + 4);
    return shown(QString::fromUtf8(text.data(), static_cast<qsizetype>(bytes)));
}

QString tip(const QString& text)
{
    return text.isEmpty()
        ? QString()
        : QStringLiteral("<qt>") + shown(text).toHtmlEscaped() + QStringLiteral("</qt>");
}

} // namespace fleetglass::theme
