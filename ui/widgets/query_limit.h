// What an alert measures: its expression without the comparison with a number at the top. Pure
// functions; thread-safe.
#pragma once

#include <QString>

namespace fleetglass::widgets {

// "rate(x[1m]) > 5" gives "rate(x[1m])"; the text itself where no number is compared with, or where
// it is no query.
QString withoutLimit(const QString& query);

} // namespace fleetglass::widgets
