"""Makes little worlds over HTTP: an organisation, its landlords, a case, and the people around it."""
import itertools

from harness import Person

_numbers = itertools.count(1)


def must(answer, *statuses):
    """The JSON of an answer that has to have one of these statuses."""
    if answer.status not in (statuses or (200, 201, 204)):
        raise AssertionError(repr(answer))
    return answer.json


def address(name):
    """A new e-mail address, all lower case."""
    return f"{''.join(c for c in name.lower() if c.isalnum() and c.isascii()) or 'x'}.{next(_numbers)}@mail.example"


class Organisation:
    def __init__(self, service, sink, name="Harbour Homes", tier="enterprise"):
        self.service, self.sink, self.name = service, sink, name
        self.admin = Person(service)
        self.id, token = service.create_organisation(name, address("admin"), tier, "Ada Obi")
        must(self.admin.redeem(token), 200)
        self.path = f"organisations/{self.id}"

    def landlord(self, name="Quay Lettings"):
        return must(self.admin.post(f"{self.path}/landlords", {"name": name}), 201)["id"]

    def property(self, landlord=None, line1="14 Mill Lane", by=None):
        return must((by or self.admin).post(f"{self.path}/properties", {
            "landlord_id": landlord or self.landlord(),
            "address": {"line1": line1, "town": "Leeds", "postcode": "LS1 4AB"}}), 201)["id"]

    def tenancy(self, prop=None, tenants=None, by=None, **more):
        """The whole of a new tenancy."""
        tenants = tenants or [{"full_name": "Dan Price", "email": address("dan")}]
        body = {"tenants": tenants, "start_date": "2026-06-01", "rent_pence": 64500, "rent_period": "monthly", **more}
        return must((by or self.admin).post(f"properties/{prop or self.property()}/tenancies", body), 201)

    def case(self, tenancy=None, landlord=None, **more):
        if tenancy is None:
            tenancy = self.tenancy(self.property(landlord))
        return Case(self, must(self.admin.post("support-cases", {"tenancy_id": tenancy["id"], **more}), 201), tenancy)

    def invite_manager(self, landlords, name="Mo Karim", role="property_manager"):
        """A member who has not signed in yet."""
        person = Person(self.service, address(name), name)
        body = {"email": person.email, "full_name": name, "role": role}
        if role == "property_manager":
            body["landlord_ids"] = list(landlords)
        person.user = must(self.admin.post(f"{self.path}/members", body), 201)
        return person

    def accept(self, person, path="invites/redeem"):
        """Redeems the newest invite in the mail."""
        must(person.redeem(self.sink.wait_for(person.email, lambda mail: mail.token).token, path), 200)
        return person

    def manager(self, landlords, name="Mo Karim", role="property_manager"):
        return self.accept(self.invite_manager(landlords, name, role))


class Case:
    def __init__(self, organisation, header, tenancy):
        self.organisation, self.header, self.tenancy = organisation, header, tenancy
        self.admin, self.sink = organisation.admin, organisation.sink
        self.id = header["id"]
        self.path = f"support-cases/{self.id}"

    def see(self, person=None):
        return must((person or self.admin).get(self.path), 200)

    def note(self, body, stream="shared", by=None, **more):
        return must((by or self.admin).post(f"{self.path}/notes", {"stream": stream, "body": body, **more}), 201)

    def notes(self, stream="shared", by=None):
        return must((by or self.admin).get(f"{self.path}/notes?stream={stream}"), 200)["items"]

    def invite(self, participation, name="Ben Okafor", email=None):
        """Somebody who was invited and has not accepted yet; `row` is the answer."""
        person = Person(self.organisation.service, email or address(name), name)
        person.row = must(self.admin.post(f"{self.path}/team", {
            "participation": participation, "full_name": name, "email": person.email}), 201)
        return person

    def worker(self, participation, name="Ben Okafor"):
        return self.organisation.accept(self.invite(participation, name))

    def contact(self, name="Dr Grey", **more):
        return must(self.admin.post(f"{self.path}/team", {
            "participation": "reference_only", "contact_name": name,
            **(more or {"contact_phone": "0113 496 0000"})}), 201)

    def end(self, row):
        return self.admin.post(f"{self.path}/team/{row['id'] if isinstance(row, dict) else row}/end")
