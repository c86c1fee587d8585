#pragma once
// What org_decide.cpp hands on to other files, once it has settled that the caller may.
#include "model/org_decide.hpp"

namespace model::deciding {

outcome<org_event> decide(const org_state& org, const add_template& cmd, const moment& at);
outcome<org_event> decide(const org_state& org, const change_template& cmd, const moment& at);

}  // namespace model::deciding
