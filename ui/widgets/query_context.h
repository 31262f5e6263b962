// What stands under the cursor of a query being typed: where a completion would go and of what kind
// it is. Works on unfinished text. Pure functions; thread-safe.
#pragma once

#include <QString>

namespace fleetglass::widgets {

enum class QueryPlace
{
    Expression, // A metric, a function, a keyword.
    LabelName, // In braces.
    LabelValue, // In the quotes of a matcher.
    Grouping, // Label names of by, without, on, ignoring.
    Duration, // In brackets.
    Nothing, // In a comment or another string.
};

struct QueryContext
{
    QueryPlace place = QueryPlace::Expression;
    QString prefix; // What is typed of the word so far.
    qsizetype begin = 0; // The whole word under the cursor, to be replaced.
    qsizetype end = 0;
    QString metric; // Of the braces the cursor is in.
    QString label; // Whose value is typed.
};

QueryContext contextAt(const QString& text, qsizetype cursor);

} // namespace fleetglass::widgets
