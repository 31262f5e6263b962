// KahanSum: a running sum that also carries what rounding lost (Neumaier's variant, as Prometheus'
// util/kahansum). Values; used from one thread at a time.
#pragma once

#include <cmath>

namespace fleetglass::histogram {

struct KahanSum
{
    double sum = 0;
    double lost = 0;

    void add(double term)
    {
        const double total = sum + term;
        if (std::isinf(total))
            lost = 0;
        else if (std::fabs(sum) >= std::fabs(term))
            lost += (sum - total) + term;
        else
            lost += (term - total) + sum;
        sum = total;
    }

    double value() const { return std::isinf(sum) ? sum : sum + lost; }
};

} // namespace fleetglass::histogram
