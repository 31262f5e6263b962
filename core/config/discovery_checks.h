// What each mechanism of the catalogue demands beyond known keys, in upstream's words
// (prometheus/discovery/*, the UnmarshalYAML of each SDConfig). Used from one thread at a time.
#pragma once

#include "core/config/section.h"
#include "core/http/client_options.h"

namespace fleetglass::config::checks {

using Client = http::ClientOptions;

void azure(Section& section, const Client& client);
void aws(Section& section, const Client& client);
void digitalOcean(Section& section, const Client& client);
void ec2(Section& section, const Client& client);
void eureka(Section& section, const Client& client);
void gce(Section& section, const Client& client);
void hetzner(Section& section, const Client& client);
void ionos(Section& section, const Client& client);
void kubernetes(Section& section, const Client& client);
void kuma(Section& section, const Client& client);
void marathon(Section& section, const Client& client);
void nerve(Section& section, const Client& client);
void nomad(Section& section, const Client& client);
void oci(Section& section, const Client& client);
void openstack(Section& section, const Client& client);
void outscale(Section& section, const Client& client);
void ovhcloud(Section& section, const Client& client);
void puppetDb(Section& section, const Client& client);
void scaleway(Section& section, const Client& client);
void serverset(Section& section, const Client& client);
void stackit(Section& section, const Client& client);
void triton(Section& section, const Client& client);
void uyuni(Section& section, const Client& client);

} // namespace fleetglass::config::checks
