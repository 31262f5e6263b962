// Interrupt: lets a headless verb wait for Ctrl+C, SIGTERM or a time. One at a time in a process;
// the signals are blocked in all threads started after it was made. Used from one thread at a time.
#pragma once

#include <chrono>
#include <csignal>

namespace fleetglass::app {

class Interrupt
{
public:
    Interrupt();

    void wait() const;
    // True where a signal came before the time was over.
    bool waitFor(std::chrono::milliseconds time) const;

private:
    sigset_t m_signals {};
};

} // namespace fleetglass::app
