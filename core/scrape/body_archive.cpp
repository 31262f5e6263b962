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

} // namespace

bool BodyArchive::dropOldestOf(Contents& contents, uint64_t target)
{
    auto& bodies = contents.targets[target];
    for (size_t i = 0; i < bodies.size(); ++i) {
        if (!isSpare(bodies, i))
            continue;
        contents.bytes -= bodies[i].text->size();
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
        contents.bytes += body.text->size();
        auto& bodies = contents.targets[target];
        bodies.push_back(std::move(body));
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
        for (const KeptBody& body : found->second)
            contents.bytes -= body.text->size();
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
