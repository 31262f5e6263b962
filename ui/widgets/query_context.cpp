#include "ui/widgets/query_context.h"

#include <QStringList>

namespace fleetglass::widgets {

namespace {

bool isWordLetter(QChar letter)
{
    return letter.isLetterOrNumber() || letter == QLatin1Char('_') || letter == QLatin1Char(':');
}

bool isQuote(QChar letter)
{
    return letter == QLatin1Char('"') || letter == QLatin1Char('\'') || letter == QLatin1Char('`');
}

struct Bracket
{
    QChar open;
    QString before; // The word in front of it.
};

// Reads up to the cursor and remembers what is open there.
struct Scan
{
    QList<Bracket> open;
    QString word; // The last word that was finished or is being read.
    QString label; // The last word before an operator in braces.
    QChar quote;
    qsizetype quoteBegin = 0;
    bool comment = false;

    void close(QChar bracket)
    {
        if (!open.isEmpty() && open.last().open == bracket)
            open.removeLast();
        word.clear();
    }

    void take(QChar letter, qsizetype at)
    {
        if (isQuote(letter)) {
            quote = letter;
            quoteBegin = at + 1;
        } else if (letter == QLatin1Char('#'))
            comment = true;
        else if (letter == QLatin1Char('(') || letter == QLatin1Char('{')
            || letter == QLatin1Char('['))
            open.append({ letter, std::exchange(word, QString()) });
        else if (letter == QLatin1Char(')'))
            close(QLatin1Char('('));
        else if (letter == QLatin1Char('}'))
            close(QLatin1Char('{'));
        else if (letter == QLatin1Char(']'))
            close(QLatin1Char('['));
        else if (letter == QLatin1Char('=') || letter == QLatin1Char('!'))
            label = word.isEmpty() ? label : std::exchange(word, QString()); // != has two signs.
    }
};

Scan scanTo(const QString& text, qsizetype cursor)
{
    Scan scan;
    bool wordGoesOn = false;
    for (qsizetype i = 0; i < cursor; ++i) {
        const QChar letter = text[i];
        if (scan.comment) {
            scan.comment = letter != QLatin1Char('\n');
        } else if (!scan.quote.isNull()) {
            if (letter == QLatin1Char('\\') && scan.quote != QLatin1Char('`'))
                ++i;
            else if (letter == scan.quote)
                scan.quote = QChar();
        } else if (isWordLetter(letter)) {
            if (!wordGoesOn)
                scan.word.clear();
            scan.word += letter;
        } else
            scan.take(letter, i);
        wordGoesOn = scan.quote.isNull() && !scan.comment && isWordLetter(letter);
    }
    return scan;
}

bool groups(const QString& word)
{
    static const QStringList kWords { QStringLiteral("by"), QStringLiteral("without"),
        QStringLiteral("on"), QStringLiteral("ignoring"), QStringLiteral("group_left"),
        QStringLiteral("group_right") };
    return kWords.contains(word.toLower());
}

QueryPlace placeOf(const Scan& scan)
{
    const QChar open = scan.open.isEmpty() ? QChar() : scan.open.last().open;
    if (scan.comment)
        return QueryPlace::Nothing;
    if (!scan.quote.isNull())
        return open == QLatin1Char('{') && !scan.label.isEmpty() ? QueryPlace::LabelValue
                                                                 : QueryPlace::Nothing;
    if (open == QLatin1Char('{'))
        return QueryPlace::LabelName;
    if (open == QLatin1Char('['))
        return QueryPlace::Duration;
    if (open == QLatin1Char('(') && groups(scan.open.last().before))
        return QueryPlace::Grouping;
    return QueryPlace::Expression;
}

} // namespace

QueryContext contextAt(const QString& text, qsizetype cursor)
{
    cursor = qBound<qsizetype>(0, cursor, text.size());
    const Scan scan = scanTo(text, cursor);
    QueryContext context;
    context.place = placeOf(scan);
    context.begin = context.end = cursor;
    if (context.place == QueryPlace::LabelValue) {
        context.begin = scan.quoteBegin;
        while (context.end < text.size() && text[context.end] != scan.quote
            && text[context.end] != QLatin1Char('\n'))
            ++context.end;
    } else {
        while (context.begin > 0 && isWordLetter(text[context.begin - 1]))
            --context.begin;
        while (context.end < text.size() && isWordLetter(text[context.end]))
            ++context.end;
    }
    context.prefix = text.mid(context.begin, cursor - context.begin);
    if (!scan.open.isEmpty() && scan.open.last().open == QLatin1Char('{'))
        context.metric = scan.open.last().before;
    if (context.place == QueryPlace::LabelValue)
        context.label = scan.label;
    return context;
}

} // namespace fleetglass::widgets
