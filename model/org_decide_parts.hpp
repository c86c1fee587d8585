#pragma once
// What org_decide.cpp hands on to other files, once it has settled that the caller may.
#include "model/org_decide.hpp"

namespace model::deciding {

outcome<org_event> decide(const org_state& org, const create_tenancy& cmd, const moment& at);
outcome<org_event> decide(const org_state& org, const add_template& cmd, const moment& at);
outcome<org_event> decide(const org_state& org, const change_template& cmd, const moment& at);
outcome<org_event> decide(const org_state& org, const preview_digest& cmd, const moment& at);
outcome<org_event> decide(const org_state& org, const resend_digest& cmd, const moment& at);
outcome<org_event> decide(const org_state& org, const set_organisation_hold& cmd, const moment& at);
outcome<org_event> decide(const org_state& org, const caller& who, const run_retention& cmd,
                          const moment& at);
/// R36. A tier that is no longer in the catalogue allows nothing more.
std::optional<refusal> refuse_over_quota(const org_state& org, const moment& at, std::string_view quota,
                                         std::int64_t count);
/// Why retention's windows cannot become these yet: somebody has to know what becomes due with that.
std::optional<refusal> refuse_shortening(const retention_years& before, const retention_years& after,
                                         const change_settings& cmd);

}  // namespace model::deciding
