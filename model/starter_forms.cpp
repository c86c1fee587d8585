#include "model/starter_texts.hpp"

namespace model::starter_texts {

const std::string_view intake_assessment = R"(| Tenant | {{tenant.full_name}} |
|---|---|
| Contact | {{tenant.phone}}, {{tenant.email}} |
| Home | {{property.address}} |
| Case reference | {{case.reference}}, opened on {{case.opened_on}} |
| Assessed by | {{author.full_name}} on {{today}} |
| Referred by | {{field.referred_by}} |
| Also present | {{field.also_present}} |

## About you

- What would you like to be called, and which pronouns do you use? {{field.known_as}}
- Which language do you prefer? Do you need an interpreter, large print or another form? {{field.communication}}
- Who should we ring in an emergency? {{field.emergency_contact}}
- Which workers and services are in your life already? {{field.services}}

## What brought you here

{{field.history}}

## What is going well

{{field.strengths}}

## Needs

For each area: how things are now, and what support is wanted. 1 is managing well, 5 is needing a lot of support.

| Area | 1 to 5 | How things are now | Support wanted |
|---|---|---|---|
| Housing and tenancy | {{field.housing_score}} | {{field.housing_now}} | {{field.housing_support}} |
| Money, benefits and debt | {{field.money_score}} | {{field.money_now}} | {{field.money_support}} |
| Physical health | {{field.physical_score}} | {{field.physical_now}} | {{field.physical_support}} |
| Mental health and wellbeing | {{field.mental_score}} | {{field.mental_now}} | {{field.mental_support}} |
| Alcohol, drugs, other addictions | {{field.substance_score}} | {{field.substance_now}} | {{field.substance_support}} |
| Daily living: cooking, cleaning, shopping | {{field.daily_score}} | {{field.daily_now}} | {{field.daily_support}} |
| Work, learning and volunteering | {{field.work_score}} | {{field.work_now}} | {{field.work_support}} |
| Family, friends and community | {{field.people_score}} | {{field.people_now}} | {{field.people_support}} |
| Offending and legal matters | {{field.legal_score}} | {{field.legal_now}} | {{field.legal_support}} |

## Risks

| Risk | Known history | Likelihood | What helps, and who does it |
|---|---|---|---|
| Self-harm or suicide | {{field.self_harm_history}} | {{field.self_harm_likelihood}} | {{field.self_harm_plan}} |
| Harm from others, abuse or exploitation | {{field.from_others_history}} | {{field.from_others_likelihood}} | {{field.from_others_plan}} |
| Harm to others | {{field.to_others_history}} | {{field.to_others_likelihood}} | {{field.to_others_plan}} |
| Self-neglect | {{field.neglect_history}} | {{field.neglect_likelihood}} | {{field.neglect_plan}} |
| Fire, hoarding, condition of the home | {{field.fire_history}} | {{field.fire_likelihood}} | {{field.fire_plan}} |
| Losing the home: arrears, complaints | {{field.eviction_history}} | {{field.eviction_likelihood}} | {{field.eviction_plan}} |

Is it safe to visit alone? {{field.lone_visits}}

Children or adults at risk in the household: {{field.household_at_risk}}

Safeguarding concern raised today, with whom and when: {{field.safeguarding}}

## Medicines and health contacts

GP: {{field.gp}}

Medicines, allergies, and what to do in a crisis: {{field.medicines}}

## First goals

1. {{field.first_goal}}
2. {{field.second_goal}}
3. {{field.third_goal}}

The first review is three months from today.

________

{{tenant.full_name}}, date:

________

{{author.full_name}} for {{organisation.name}}, date:
)";

const std::string_view needs_and_risk_review = R"(| Tenant | {{tenant.full_name}} |
|---|---|
| Home | {{property.address}} |
| Case reference | {{case.reference}} |
| Reviewed by | {{author.full_name}} on {{today}} |
| Present | {{field.present}} |
| Last review | {{field.last_review}} |

## Looking back

- What has gone well since the last review? {{field.went_well}}
- What has been hard? {{field.was_hard}}
- What has changed: health, money, people, home? {{field.changes}}
- Sessions offered and attended: {{field.sessions_attended}}

## Needs

1 is managing well, 5 is needing a lot of support.

| Area | Last time | Now | What has changed |
|---|---|---|---|
| Housing and tenancy | {{field.housing_before}} | {{field.housing_now}} | {{field.housing_change}} |
| Money, benefits and debt | {{field.money_before}} | {{field.money_now}} | {{field.money_change}} |
| Physical health | {{field.physical_before}} | {{field.physical_now}} | {{field.physical_change}} |
| Mental health and wellbeing | {{field.mental_before}} | {{field.mental_now}} | {{field.mental_change}} |
| Alcohol, drugs, other addictions | {{field.substance_before}} | {{field.substance_now}} | {{field.substance_change}} |
| Daily living | {{field.daily_before}} | {{field.daily_now}} | {{field.daily_change}} |
| Work, learning and volunteering | {{field.work_before}} | {{field.work_now}} | {{field.work_change}} |
| Family, friends and community | {{field.people_before}} | {{field.people_now}} | {{field.people_change}} |

## Risks

| Risk | Low, medium or high | Incidents since the last review | What we do about it |
|---|---|---|---|
| Self-harm or suicide | {{field.self_harm_level}} | {{field.self_harm_incidents}} | {{field.self_harm_plan}} |
| Harm from others, abuse or exploitation | {{field.from_others_level}} | {{field.from_others_incidents}} | {{field.from_others_plan}} |
| Harm to others | {{field.to_others_level}} | {{field.to_others_incidents}} | {{field.to_others_plan}} |
| Self-neglect | {{field.neglect_level}} | {{field.neglect_incidents}} | {{field.neglect_plan}} |
| Fire and condition of the home | {{field.fire_level}} | {{field.fire_incidents}} | {{field.fire_plan}} |
| Losing the home | {{field.eviction_level}} | {{field.eviction_incidents}} | {{field.eviction_plan}} |

Is it still safe to visit alone? {{field.lone_visits}}

## Goals

| Goal | Reached, under way or stopped | Next step | By when |
|---|---|---|---|
| {{field.goal_1}} | {{field.goal_1_status}} | {{field.goal_1_next}} | {{field.goal_1_by}} |
| {{field.goal_2}} | {{field.goal_2_status}} | {{field.goal_2_next}} | {{field.goal_2_by}} |
| {{field.goal_3}} | {{field.goal_3_status}} | {{field.goal_3_next}} | {{field.goal_3_by}} |

## Looking ahead

- Is the amount of support still right? {{field.amount_of_support}}
- Moving on: what would be the next home, and what is needed for it? {{field.moving_on}}
- What {{tenant.full_name}} would like us to do differently: {{field.feedback}}

________

{{tenant.full_name}}, date:

________

{{author.full_name}} for {{organisation.name}}, date:
)";

const std::string_view incident_form = R"(To be filled in on the day, by whoever saw it or was told first.
Write what happened and what was said; keep opinions apart from facts.

| Tenant | {{tenant.full_name}} |
|---|---|
| Home | {{property.address}} |
| Case reference | {{case.reference}} |
| Written by | {{author.full_name}} on {{today}} |
| Date and time of the incident | {{field.happened_at}} |
| Place | {{field.place}} |
| Who was involved, and witnesses | {{field.people}} |

## Kind of incident

Accident or injury, illness, fire, violence or threats, abuse or neglect, self-harm, missing person, medicines, damage or
theft, antisocial behaviour, complaint by neighbours, other: {{field.kind}}

## What happened

What led up to it: {{field.before}}

What happened, step by step: {{field.during}}

How it ended: {{field.after}}

## Harm

| Question | Answer |
|---|---|
| Was anybody hurt? Who, and how badly? | {{field.injuries}} |
| First aid or hospital | {{field.treatment}} |
| Damage to the home or belongings | {{field.damage}} |

## What was done at once

{{field.actions}}

## Who was told

| Whom | Name | Date and time | Reference number |
|---|---|---|---|
| Manager or on-call | {{field.manager_name}} | {{field.manager_told}} | {{field.manager_reference}} |
| Police or ambulance | {{field.emergency_name}} | {{field.emergency_told}} | {{field.emergency_reference}} |
| Safeguarding team of the council | {{field.safeguarding_name}} | {{field.safeguarding_told}} | {{field.safeguarding_reference}} |
| Family or next of kin | {{field.family_name}} | {{field.family_told}} | {{field.family_reference}} |
| Landlord ({{property.landlord}}) | {{field.landlord_name}} | {{field.landlord_told}} | {{field.landlord_reference}} |

## What follows

- Does somebody have to be kept safe now? How? {{field.protection}}
- Does the risk assessment or the support plan change? {{field.plan_changes}}
- What would make it less likely to happen again? {{field.learning}}
- Support offered to those involved, staff included: {{field.debrief}}

What {{tenant.full_name}} says about it: {{field.own_words}}

________

{{author.full_name}}, date:

________

Manager, date:
)";

const std::string_view key_work_log = R"(| Tenant | {{tenant.full_name}} |
|---|---|
| Case reference | {{case.reference}} |
| Key worker | {{author.full_name}} |
| Date | {{today}} |
| Time and length | {{field.time_and_length}} |
| Where: at home, office, phone, elsewhere | {{field.where}} |
| Also present | {{field.also_present}} |

## How are you?

{{field.how_are_you}}

## Since last time

| What we had agreed | Done? | Remarks |
|---|---|---|
| {{field.agreed_1}} | {{field.agreed_1_done}} | {{field.agreed_1_remarks}} |
| {{field.agreed_2}} | {{field.agreed_2_done}} | {{field.agreed_2_remarks}} |
| {{field.agreed_3}} | {{field.agreed_3_done}} | {{field.agreed_3_remarks}} |

## What we talked about

- Home: rent, repairs, neighbours: {{field.home}}
- Money and benefits: {{field.money}}
- Health, medicines and appointments: {{field.health}}
- Work, learning and how the days are spent: {{field.days}}
- Family, friends and feeling safe: {{field.people}}
- Progress towards the goals: {{field.goals}}

## Anything that worries us

Changes in mood, health, money, company or the state of the home, and what we did about them: {{field.worries}}

## Agreed for next time

| What | Who | By when |
|---|---|---|
| {{field.next_1}} | {{field.next_1_who}} | {{field.next_1_by}} |
| {{field.next_2}} | {{field.next_2_who}} | {{field.next_2_by}} |
| {{field.next_3}} | {{field.next_3_who}} | {{field.next_3_by}} |

Next session: {{field.next_session}}

________

{{tenant.full_name}}, date:

________

{{author.full_name}}, date:
)";

}  // namespace model::starter_texts
