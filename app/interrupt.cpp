#include "app/interrupt.h"

#include <pthread.h>

namespace fleetglass::app {

Interrupt::Interrupt()
{
    sigemptyset(&m_signals);
    sigaddset(&m_signals, SIGINT);
    sigaddset(&m_signals, SIGTERM);
    sigaddset(&m_signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
}

void Interrupt::wait() const
{
    int signal = 0;
    sigwait(&m_signals, &signal);
}

bool Interrupt::waitFor(std::chrono::milliseconds time) const
{
    timespec limit {};
    limit.tv_sec = time.count() / 1000;
    limit.tv_nsec = time.count() % 1000 * 1'000'000;
    return sigtimedwait(&m_signals, nullptr, &limit) > 0;
}

} // namespace fleetglass::app
