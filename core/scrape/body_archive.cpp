#include "core/scrape/body_archive.h"

#include <algorithm>

namespace fleetglass::scrape {

namespace {

// The last one and the last good one stay.
bool isSpare(const std::deque<KeptBody>& bodies, size_t index)
{
    if (index + 1 == bodies.size())
        return false;
    if (!bodies[index].ok)
        return true;
    return std::any_of(bodies.begin() + static_cast<std::ptrdiff_t>(index) + 1, bodies.end(),
        [](const KeptBody& body) { return body.ok; });
}

// What goes with the body: nothing where a neighbour is the same page.
size_t bytesOf(const std::deque<KeptBody>& bodies, size_t index)
{
    const auto& text = bodies[index].text;
    const bool shared = (index > 0 && bodies[index - 1].text == text)
        || (index + 1 < bodies.size() && bodies[index + 1].text == text);
    return shared ? 0 : text->size();
}

} // namespace

bool BodyArchive::dropOldestOf(Contents& contents, uint64_t target)
{
    auto& bodies = contents.targets[target];
    for (size_t i = 0; i < bodies.size(); ++i) {
        if (!isSpare(bodies, i))
            continue;
        contents.bytes -= bytesOf(bodies, i);
        bodies.erase(bodies.begin() + static_cast<std::ptrdiff_t>(i));
        return true;
    }
    return false;
}

void BodyArchive::makeRoom(Contents& contents) const
{
    for (auto next = contents.order.begin();
         next != contents.order.end() && contents.bytes > m_bytesMax;) {
        if (dropOldestOf(contents, *next))
            next = contents.order.erase(next);
        else
            ++next;
    }
}

void BodyArchive::add(uint64_t target, KeptBody body)
{
    m_contents.with([&](Contents& contents) {
        auto& bodies = contents.targets[target];
        if (!bodies.empty() && *bodies.back().text == *body.text)
            body.text = bodies.back().text; // A page that stands still is kept once.
        bodies.push_back(std::move(body));
        contents.bytes += bytesOf(bodies, bodies.size() - 1);
        contents.order.push_back(target);
        if (bodies.size() > kBodiesPerTargetMax && dropOldestOf(contents, target)) {
            const auto oldest = std::find(contents.order.begin(), contents.order.end(), target);
            contents.order.erase(oldest);
        }
        makeRoom(contents);
    });
}

void BodyArchive::remove(uint64_t target)
{
    m_contents.with([&](Contents& contents) {
        const auto found = contents.targets.find(target);
        if (found == contents.targets.end())
            return;
        while (!found->second.empty()) {
            contents.bytes -= bytesOf(found->second, 0);
            found->second.pop_front();
        }
        contents.targets.erase(found);
        contents.order.remove(target);
    });
}

std::vector<KeptBody> BodyArchive::of(uint64_t target) const
{
    return m_contents.with([&](const Contents& contents) {
        const auto found = contents.targets.find(target);
        if (found == contents.targets.end())
            return std::vector<KeptBody>();
        return std::vector<KeptBody>(found->second.begin(), found->second.end());
    });
}

size_t BodyArchive::bytes() const
{
    return m_contents.with([](const Contents& contents) { return contents.bytes; });
}

} // namespace fleetglass::scrape
