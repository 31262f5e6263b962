#include "ui/theme/english_plurals.h"

namespace fleetglass::theme {

QString EnglishPlurals::translate(
    const char* /*context*/, const char* source, const char* /*disambiguation*/, int n) const
{
    QString text = QString::fromUtf8(source);
    // A null answer leaves the text to other catalogs, or to itself.
    if (n < 0 || !text.contains(QLatin1String("(s)")))
        return {};
    return text.replace(QLatin1String("(s)"), n == 1 ? QString() : QStringLiteral("s"));
}

} // namespace fleetglass::theme
