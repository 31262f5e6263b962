// Subject: a reader of outside bytes, with good inputs to begin from and what must hold for any
// input. That it neither crashes nor hangs is what the sanitizers and the time limit watch. Used
// from one thread at a time.
#pragma once

#include "tests/fuzz/mutator.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::fuzz {

// What did not hold; nothing where all is well.
using Complaint = std::optional<std::string>;

struct Subject
{
    std::string name;
    std::vector<std::string> seeds;
    std::vector<std::string_view> words;
    // `random` chooses options; it is at a fixed place for a run.
    std::function<Complaint(const std::string& input, Mutator& random)> check;
};

// Each may write below the folder, which is there and is removed in the end.
Subject expositionSubject();
Subject promqlSubject();
Subject importSubject();
Subject capsuleSubject(const std::string& folder);
Subject templateSubject();
Subject discoverySubject();
Subject kubernetesSubject();

} // namespace fleetglass::fuzz
