// EnglishPlurals: the text itself is English, so "%n alert(s)" needs no catalog: one alert, two
// alerts. Install it before a window is made. Used from one thread at a time (the UI thread).
#pragma once

#include <QTranslator>

namespace fleetglass::theme {

class EnglishPlurals : public QTranslator
{
    Q_OBJECT

public:
    using QTranslator::QTranslator;

    bool isEmpty() const override { return false; }
    QString translate(
        const char* context, const char* source, const char* disambiguation, int n) const override;
};

} // namespace fleetglass::theme
