// The verbs of the command line; each takes the words after its name and returns the exit code.
#pragma once

#include <string>
#include <vector>

namespace fleetglass::app {

using Words = std::vector<std::string>;

int checkVerb(const Words& words);
// Part of it: pages from files, or from standard input where there are none.
int checkMetrics(const Words& files, bool extended, bool withoutLint);
// Part of it: whether a server is healthy or ready.
int checkServer(const std::string& kind, const std::string& url);
int testVerb(const Words& words);
int scrapeVerb(const Words& words);
int recordVerb(const Words& words);
int queryVerb(const Words& words);
int demoFleetVerb(const Words& words);
// These two need Qt; argc and argv are the program's own.
int snapshotVerb(const Words& words, int& argc, char** argv);
int windowVerb(const Words& words, int& argc, char** argv);

} // namespace fleetglass::app
