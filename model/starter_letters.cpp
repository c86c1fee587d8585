#include "model/starter_texts.hpp"

namespace model::starter_texts {

const std::string_view licence_agreement_letter = R"({{today}}

{{tenant.full_name}}\
{{property.address}}

Dear {{tenant.full_name}},

We are pleased to offer you a room at **{{property.address}}**. You will live there under a licence agreement. This
letter sums up its main points; please read the agreement itself as well, and ask us about anything that is not clear.

| Your room | {{field.room}} |
|---|---|
| Shared with others | {{field.shared_areas}} |
| Start | {{tenancy.start_date}} |
| End | {{tenancy.end_date}} |
| Licence fee | {{tenancy.rent}}, {{tenancy.rent_period}} |
| Service charges included | {{field.service_charges}} |
| Landlord | {{property.landlord}} |

## What the licence means

- The room is yours to live in, and you share the kitchen, bathroom and other common areas with the other residents.
- Staff may come into the room for checks, repairs and support. Except in an emergency we tell you beforehand.
- The licence comes with support. Your support plan is agreed with you, and you take part in it.
- Notice to end the licence, by you or by us: {{field.notice_period}}.

## Paying your licence fee

Your fee is {{tenancy.rent}} {{tenancy.rent_period}}. If Housing Benefit or Universal Credit pays it, we will help you
with the claim. Part of the service charge may be yours to pay: {{field.personal_contribution}}. Please talk to us at
once if paying becomes difficult; the sooner we know, the more we can do.

## Before you move in

1. Bring proof of who you are and of your income.
2. Go through the house rules and the move-in checklist with your support worker.
3. Sign the licence agreement and the support agreement.

If you would like somebody to go through this with you, in another language or in another form, tell us and we will
arrange it. You can also get independent advice, for example from Citizens Advice or Shelter.

Yours sincerely,

________

{{author.full_name}}\
{{organisation.name}}
)";

const std::string_view support_agreement = R"(Between **{{organisation.name}}** and **{{tenant.full_name}}**

| Home | {{property.address}} |
|---|---|
| Kind of tenancy | {{tenancy.tenure}}, since {{tenancy.start_date}} |
| Support worker | {{field.support_worker}} |
| Agreed on | {{today}} |
| Reviewed every | three months, or sooner if either of us asks |

## What the support is for

What {{tenant.full_name}} wants to achieve, in their own words:

> {{field.own_words}}

## What we agree to do together

| Area | What we will do | Who does what | By when |
|---|---|---|---|
| Home and tenancy | {{field.home_action}} | {{field.home_who}} | {{field.home_by}} |
| Money and benefits | {{field.money_action}} | {{field.money_who}} | {{field.money_by}} |
| Health and wellbeing | {{field.health_action}} | {{field.health_who}} | {{field.health_by}} |
| Work, learning and time | {{field.learning_action}} | {{field.learning_who}} | {{field.learning_by}} |
| Family and friends | {{field.people_action}} | {{field.people_who}} | {{field.people_by}} |

## What you can expect of us

- A named support worker, and somebody to stand in for them when they are away.
- Support sessions: {{field.session_pattern}}.
- Respect for your choices, your culture, your faith and your privacy.
- A say in every plan that is about you, and a copy of it.
- An honest answer when there is something that we cannot do, and help to find who can.

## What we ask of you

- Take part in the sessions that we agree, and tell us beforehand if you cannot come.
- Work with us on the steps above, and tell us when they no longer fit.
- Treat staff, neighbours and your home with respect.

## Information about you

We write down what we need in order to support you. We share it with others only with your agreement, or where somebody
is at risk of serious harm, or where the law requires it. You may ask at any time to see what we have written.

I agree that information may be shared with: {{field.share_with}}

## If something is not right

Talk to your support worker first, or to their manager: {{field.manager_contact}}. You may complain at any time without
losing your support.

________

{{tenant.full_name}}, date:

________

{{author.full_name}} for {{organisation.name}}, date:
)";

const std::string_view house_rules = R"(**{{property.address}}**

These rules are there so that everybody who lives here is safe and can feel at home.

## Living together

- Keep noise down, above all between 11 pm and 7 am.
- Clean up after yourself in the kitchen, the bathroom and the other shared rooms. The rota is {{field.rota_place}}.
- Treat everybody with respect. Bullying, threats, violence, harassment and hate of any kind are not accepted.
- Other residents' rooms and belongings are private.

## Visitors

- Visitors are welcome {{field.visiting_hours}}. They sign in, and you are responsible for them while they are here.
- Overnight guests: {{field.overnight_guests}}.
- Children visit only as agreed with staff beforehand.

## Safety

- Smoke and vape only {{field.smoking_place}}.
- Do not cover or take down smoke detectors, and do not prop fire doors open. Keep corridors clear.
- No candles, portable heaters or deep fryers in rooms.
- No weapons, and no illegal drugs on the premises.
- When the alarm sounds, leave at once and go to {{field.assembly_point}}.
- Keep your keys to yourself. Report a lost key straight away.

## Your room

- Tell us about repairs and damage as soon as you can: {{field.repairs_contact}}.
- Ask before you decorate, bring in large furniture or keep a pet.
- We check rooms {{field.room_checks}}, and tell you beforehand except in an emergency.

## When a rule is broken

We talk about it first. If it goes on, or is serious, we may give a written warning, and it may put your place here at
risk. You are heard before anything is decided, and you may bring somebody with you.

## Acknowledgement

I have read these rules, or they were read to me, and I had the chance to ask about them. I have a copy.

________

{{tenant.full_name}}, date:

________

{{author.full_name}} for {{organisation.name}}, date:
)";

const std::string_view move_in_checklist = R"(| Tenant | {{tenant.full_name}}, {{tenant.phone}} |
|---|---|
| Home | {{property.address}} |
| Moving in | {{tenancy.start_date}} |
| Gone through by | {{author.full_name}} on {{today}} |

## Papers

| Step | Done on | Remarks |
|---|---|---|
| Proof of identity seen | {{field.identity_done}} | {{field.identity_remarks}} |
| Tenancy or licence agreement signed, copy given | {{field.agreement_done}} | {{field.agreement_remarks}} |
| Support agreement signed, copy given | {{field.support_done}} | {{field.support_remarks}} |
| House rules acknowledged | {{field.rules_done}} | {{field.rules_remarks}} |
| Privacy notice and complaints leaflet given | {{field.notices_done}} | {{field.notices_remarks}} |
| Next of kin and emergency contact recorded | {{field.contact_done}} | {{field.contact_remarks}} |

## Money

| Step | Done on | Remarks |
|---|---|---|
| Housing Benefit or Universal Credit claimed | {{field.benefit_done}} | {{field.benefit_remarks}} |
| Rent of {{tenancy.rent}} {{tenancy.rent_period}} explained, and how to pay | {{field.rent_done}} | {{field.rent_remarks}} |
| Bank account and first weeks' money talked through | {{field.bank_done}} | {{field.bank_remarks}} |

## The home

| Step | Done on | Remarks |
|---|---|---|
| Inventory agreed, photographs taken | {{field.inventory_done}} | {{field.inventory_remarks}} |
| Meter readings: electricity, gas, water | {{field.meters_done}} | {{field.meters_remarks}} |
| Keys and fobs given, number noted | {{field.keys_done}} | {{field.keys_remarks}} |
| Heating, hot water, cooker and stopcock shown | {{field.heating_done}} | {{field.heating_remarks}} |
| Gas safety record and energy certificate given | {{field.certificates_done}} | {{field.certificates_remarks}} |
| How to report a repair, and out of hours | {{field.repairs_done}} | {{field.repairs_remarks}} |

## Safety

| Step | Done on | Remarks |
|---|---|---|
| Fire alarm, exits and assembly point shown | {{field.fire_done}} | {{field.fire_remarks}} |
| Personal evacuation plan, if one is needed | {{field.evacuation_done}} | {{field.evacuation_remarks}} |
| Risks known from the referral passed on to the team | {{field.risks_done}} | {{field.risks_remarks}} |

## The first weeks

| Step | Done on | Remarks |
|---|---|---|
| Registered with a GP | {{field.gp_done}} | {{field.gp_remarks}} |
| Council tax and electoral roll | {{field.council_done}} | {{field.council_remarks}} |
| Shops, transport and what is going on nearby | {{field.area_done}} | {{field.area_remarks}} |
| First support session booked | {{field.session_done}} | {{field.session_remarks}} |

________

{{tenant.full_name}}, date:

________

{{author.full_name}} for {{organisation.name}}, date:
)";

const std::string_view reference = R"({{today}}

To: {{field.recipient}}

**{{tenant.full_name}}**, {{property.address}}

Dear Sir or Madam,

You asked us for a reference for {{tenant.full_name}}, who gave us permission to answer. {{organisation.name}} has
supported them since {{case.opened_on}}. They have lived at {{property.address}} since {{tenancy.start_date}}
({{tenancy.tenure}}; rent {{tenancy.rent}} {{tenancy.rent_period}}; landlord {{property.landlord}}).

| You asked about | Our answer |
|---|---|
| Rent account: paid in full and on time, arrears, arrangements kept | {{field.rent_account}} |
| Care of the home: cleanliness, damage, repairs reported | {{field.care_of_home}} |
| Conduct towards neighbours and staff | {{field.conduct}} |
| Warnings or notices | {{field.warnings}} |
| Taking part in support | {{field.engagement}} |
| Support that they will still need, and who gives it | {{field.support_needed}} |
| Reason for moving on | {{field.reason_for_moving}} |

## In our own words

{{field.in_our_own_words}}

Would we offer them a home again? {{field.again}}

This reference says what we know on the day of writing. It is given in good faith and in confidence, for the purpose
for which you asked. Please ring us on {{field.phone}} if you would like to talk about it.

Yours faithfully,

________

{{author.full_name}}\
{{organisation.name}}
)";

}  // namespace model::starter_texts
