"""Ordinary complaints that people write, in their languages. How a row reads:
legit_more.py.
"""
from legit_more import WEB, letter

# ---- people ----------------------------------------------------------------

letter("a person in German", "info", "Angriff von Ihrer IP-Adresse", """
Sehr geehrte Damen und Herren,

heute morgen (04.05.2026, 09:41:10 Uhr MESZ) hat jemand von Ihrer IP-Adresse 198.51.100.9
versucht, sich per SSH (Port 22) auf unserem Server anzumelden. Im Log stehen 312 Versuche.
Bitte stellen Sie das ab.

Mit freundlichen Grüßen
Jens Beispiel
-- 
Beispiel GmbH, Musterweg 1, 12345 Musterstadt
Geschäftsführer: Jens Beispiel, Amtsgericht Musterstadt HRB 4711
""", by="Jens Beispiel")
letter("a person in French", "contact", "Attaque depuis votre adresse IP", """
Bonjour,

Notre serveur a subi des tentatives de connexion SSH par force brute depuis votre adresse
198.51.100.9, le 4 mai 2026 à 09:41:10 (heure de Paris, CEST), sur le port 22.

Merci de faire cesser ces attaques.

Cordialement,
Marie Exemple
""", by="Marie Exemple")
letter("a person in Dutch", "beheer", "Aanval vanaf uw IP-adres", """
Beste,

Vanaf uw IP-adres 198.51.100.9 is op 4 mei 2026 om 09:41:10 CEST geprobeerd in te loggen op onze
server via SSH (poort 22), honderden keren achter elkaar. Kunt u dit stoppen?

Groeten,
Piet Voorbeeld
""", by="Piet Voorbeeld")
letter("a person in Spanish", "sistemas", "Ataque desde su red", """
Buenos días:

Hemos detectado intentos de acceso por fuerza bruta a nuestro servidor SSH (puerto 22) desde
su dirección IP 198.51.100.9 el 4 de mayo de 2026 a las 07:41:10 UTC.

Les rogamos que tomen medidas.

Un saludo,
Juan Ejemplo
""", by="Juan Ejemplo")
letter("a person in Italian", "sistemi", "Attacco dal vostro indirizzo IP", """
Buongiorno,

dal vostro indirizzo IP 198.51.100.9 sono partiti tentativi di accesso a forza bruta sul nostro
server SSH (porta 22) il 4 maggio 2026 alle 07:41:10 UTC. Vi preghiamo di intervenire.

Cordiali saluti
Anna Esempio
""", by="Anna Esempio")
letter("a person in Polish", "admin1", "Atak z Państwa adresu IP", """
Dzień dobry,

z Państwa adresu IP 198.51.100.9 w dniu 2026-05-04 o 07:41:10 UTC próbowano włamać się metodą
brute force na nasz serwer SSH (port 22). Proszę o zablokowanie.

Pozdrawiam
Jan Przykład
""", by="Jan Przyklad")
letter("a person in Portuguese", "ti", "Ataque vindo da sua rede", """
Bom dia,

O endereço IP 198.51.100.9, da sua rede, fez tentativas de login SSH por força bruta contra o nosso
servidor (porta 22) em 4 de maio de 2026 às 07:41:10 UTC. Por favor, verifiquem.

Obrigado,
João Exemplo
""", by="Joao Exemplo")
letter("a person in Swedish", "drift", "Intrångsförsök från er adress", """
Hej,

Från er IP-adress 198.51.100.9 har någon försökt logga in på vår SSH-server (port 22) hundratals
gånger. Senaste försöket: 2026-05-04 07:41:10 UTC. Kan ni stoppa det?

Vänliga hälsningar
Sven Exempel
""", by="Sven Exempel")
letter("a person in Czech", "spravce", "Útok z vaší IP adresy", """
Dobrý den,

z vaší IP adresy 198.51.100.9 probíhají pokusy o přihlášení hrubou silou na náš SSH server (port 22).
Poslední pokus: 4.5.2026 07:41:10 UTC. Prosíme o nápravu.

S pozdravem
Jan Příklad
""", by="Jan Priklad")
letter("an angry one in capitals", "boss", "STOP HACKING US", """
YOUR IP 198.51.100.9 IS TRYING TO HACK OUR SERVER BY SSH BRUTE FORCE, 2026-05-04 07:41:10 UTC!!!
STOP IT NOW!!!
""", by="Bob Example")
letter("a short one from a phone", "bob", "attack", """
Hi, 198.51.100.9 brute forces our ssh port 22, last at 2026-05-04 07:41 UTC. Pls stop.

Sent from my iPhone
""", by="Bob Example")
letter("a webcam's password", "ann", "Someone tries our router", """
Hello, the log of my router says somebody at your IP address 198.51.100.9 tried to log in to it
with wrong passwords on 2026-05-04 at 07:41:10 UTC (port 443). I do not know who that is. Can you help?

Thank you
Ann Example
""", by="Ann Example")
letter("a forum, registrations", "forum", "Vandalism in our wiki", """
Hello,

somebody with the IP 198.51.100.9 vandalised 14 pages of our wiki on 2026-05-04 at 07:41:10 UTC
(https). Please talk to your user.

Greetings, the admins
""", "hold D18b", "vandalism")
letter("no zone", "admins", "SSH attack", """
Hello, 198.51.100.9 tried to log in to our SSH server by brute force on 2026-05-04 07:41:10, port 22.
Please stop it.
""")  # an exit the whole day, whatever the zone
letter("defanged", "soc", "Brute force from 198[.]51[.]100[.]9", """
Hi team,

SOC observed SSH brute force from 198[.]51[.]100[.]9 against port 22 at 2026-05-04T07:41:10Z.

SOC analyst on duty
""")
letter("the other exit", "noc", "SQL injection from 203.0.113.5", """
Hello, 203.0.113.5 tried SQL injection on our web server 192.0.2.200 port 443 at 2026-05-04 07:41:10 UTC.
Please stop that.
""", template=WEB)
letter("the other exit by IPv6", "noc", "SSH attack from 2001:db8:5::1", """
Hello,

2001:db8:5::1 tried to log in to our SSH server by brute force at 2026-05-04 07:41:10 UTC, port 22.
""", "hold D15a")  # no document says that a relay leaves by its IPv6 address
letter("spam to a mail server", "postfix", "spam from 198.51.100.9", """
Hello, we got spam from 198.51.100.9 at our mail server, 2026-05-04 07:41:10 UTC, port 25.
""", "hold D15b", "port-closed")  # the relay lets nothing out to 25
letter("a flood", "noc", "DDoS from 198.51.100.9", """
Hello, our network 203.0.113.61 was attacked by a DDoS flood on port 80, one source being
198.51.100.9 at 2026-05-04 07:41:10 UTC.
""", "hold D18b", "ddos")
